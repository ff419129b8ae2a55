from __future__ import annotations

import pytest
from lxml import etree

from workbench.errors import InputError
from workbench.messages import parse
from workbench.messages.xml_words import words_of

FHIR = 'xmlns="http://hl7.org/fhir"'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"<Bundle {FHIR}><id></Bundle>", "the element 'id' is closed by 'Bundle'"),
        (f"<Bundle {FHIR}><id value='1'>", "the element 'id' is not closed"),
        (f"<Bundle {FHIR}><id value='a & b'/></Bundle>", "an & stands alone; write &amp; for the sign"),
        (f"<Bundle {FHIR}><id value='&nbsp;'/></Bundle>", "an entity is used that XML does not have"),
        (
            f"<Bundle {FHIR}><id value='a<b'/></Bundle>",
            "a < stands inside a value, or the quotes before it are not closed",
        ),
        (f"<Bundle {FHIR}><id value=a/></Bundle>", "a value does not stand in quotes"),
        (f"<Bundle {FHIR}><id value='a' value='b'/></Bundle>", "an attribute stands twice on one element"),
        (f"<Bundle {FHIR}><x:id/></Bundle>", "a prefix is used that stands for no namespace"),
        (f"<Bundle {FHIR}><1id/></Bundle>", "a name is missing after <"),
        (f"<Bundle {FHIR}><!-- a", "a comment is not closed"),
        (f"<Bundle {FHIR}><id value/></Bundle>", "an attribute has no value"),
        (f"<Bundle {FHIR}><id value='&#0;'/></Bundle>", "a character stands here that XML does not allow"),
        (f"<Bundle {FHIR}/> x", "there is something after the end of the root element"),
    ],
)
def test_what_is_wrong_is_said_in_our_words(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse(text.encode(), what="It")
    assert caught.value.sentence.startswith(f"It is not valid XML: {words}, line 1, column ")


def test_an_error_nobody_has_words_for_is_still_a_sentence() -> None:
    assert words_of(etree.XMLSyntaxError("mock", 99999, 1, 1)) == "the text is not well formed"
