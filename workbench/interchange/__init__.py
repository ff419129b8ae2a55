"""Calls in the forms of other tools: curl commands out and in, Postman collections in.

Pure: nothing is run, no file is opened, no secret goes out or comes in. Must not know a workspace or a window.
"""

from workbench.interchange.curl_in import read_curl
from workbench.interchange.curl_out import as_curl
from workbench.interchange.postman import read_collection
from workbench.interchange.values import ForeignCall

__all__ = ["ForeignCall", "as_curl", "read_collection", "read_curl"]
