import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.parser.LenientErrorHandler;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.PrePopulatedValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.SnapshotGeneratingValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.utilities.npm.NpmPackage;

/**
 * Judges FHIR R4 files with HAPI FHIR's instance validator, offline and with its own settings, and prints one JSON
 * object a line.
 *
 * <p>Arguments: the number of timed rounds, package files (ending in .tgz), files to judge. First comes a line with the
 * findings of every file, each printed as soon as it is known, so that whoever started the process can time a cold
 * start; then, when there are rounds, a line with the seconds of every round for every file that could be judged.
 */
public final class Reference {
    private static final String CORE = "hl7.fhir.r4.core"; // the engine brings its own copy
    private static final ObjectMapper JSON = new ObjectMapper();

    private Reference() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream results = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err); // the engine prints remarks of its own
        int rounds = Integer.parseInt(arguments[0]);
        List<Path> packages = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        for (int index = 1; index < arguments.length; index++) {
            (arguments[index].endsWith(".tgz") ? packages : files).add(Path.of(arguments[index]));
        }
        FhirValidator validator = validator(packages);
        Map<Path, String> judged = new LinkedHashMap<>();
        for (Path file : files) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("file", file.toString());
            try {
                String text = Files.readString(file);
                line.put("issues", issues(validator, text));
                judged.put(file, text);
            } catch (IOException | RuntimeException problem) {
                line.put("failure", problem.toString());
            }
            results.println(JSON.writeValueAsString(line));
        }
        if (rounds > 0) {
            for (Map.Entry<Path, String> one : judged.entrySet()) {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("file", one.getKey().toString());
                line.put("seconds", seconds(validator, one.getValue(), rounds));
                results.println(JSON.writeValueAsString(line));
            }
        }
    }

    private static FhirValidator validator(List<Path> packages) throws IOException {
        FhirContext context = FhirContext.forR4();
        context.setParserErrorHandler(new LenientErrorHandler(false));
        PrePopulatedValidationSupport definitions = new PrePopulatedValidationSupport(context);
        for (Path file : packages) {
            try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
                NpmPackage opened = NpmPackage.fromPackage(stream);
                if (opened.name().equals(CORE)) {
                    continue;
                }
                for (String name : opened.listResources("StructureDefinition", "ValueSet", "CodeSystem")) {
                    definitions.addResource(context.newJsonParser().parseResource(opened.loadResource(name)));
                }
            }
        }
        ValidationSupportChain chain = new ValidationSupportChain(
                new DefaultProfileValidationSupport(context),
                definitions,
                new CommonCodeSystemsTerminologyService(context),
                new InMemoryTerminologyServerValidationSupport(context),
                new SnapshotGeneratingValidationSupport(context));
        return context.newValidator().registerValidatorModule(new FhirInstanceValidator(chain));
    }

    private static List<Map<String, Object>> issues(FhirValidator validator, String text) {
        List<Map<String, Object>> found = new ArrayList<>();
        for (SingleValidationMessage message : validator.validateWithResult(text).getMessages()) {
            Map<String, Object> issue = new LinkedHashMap<>();
            issue.put("severity", message.getSeverity() == null ? "error" : message.getSeverity().getCode());
            issue.put("path", message.getLocationString());
            issue.put("line", message.getLocationLine());
            issue.put("column", message.getLocationCol());
            issue.put("text", message.getMessage());
            issue.put("messageId", message.getMessageId());
            found.add(issue);
        }
        return found;
    }

    private static List<Double> seconds(FhirValidator validator, String text, int rounds) {
        List<Double> found = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            long started = System.nanoTime();
            validator.validateWithResult(text);
            found.add((System.nanoTime() - started) / 1e9);
        }
        return found;
    }
}
