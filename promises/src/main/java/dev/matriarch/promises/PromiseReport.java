package dev.matriarch.promises;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Writes one line per promise and test of a module's run to the file named by the system property
 * {@code promises.report}: {@code P46 passed dev.matriarch.agent.VipTest.moves}. JUnit finds it by
 * its service file. Without the property it does nothing.
 */
public final class PromiseReport implements TestExecutionListener {
  /** By unique id: of a test that was run a second time, the second verdict stands. */
  private final Map<String, Set<String>> linesOf = new ConcurrentHashMap<>();

  @Override
  public void executionFinished(TestIdentifier test, TestExecutionResult result) {
    if (!test.isTest()) {
      return;
    }
    String verdict =
        result.getStatus() == TestExecutionResult.Status.SUCCESSFUL ? "passed" : "failed";
    test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .ifPresent(
            source -> {
              Set<String> lines = new HashSet<>();
              for (String promise : promisesOf(source)) {
                lines.add(
                    promise
                        + " "
                        + verdict
                        + " "
                        + source.getClassName()
                        + "."
                        + source.getMethodName());
              }
              linesOf.put(test.getUniqueId(), lines);
            });
  }

  private static Set<String> promisesOf(MethodSource source) {
    Set<String> found = new HashSet<>();
    Promise onMethod = source.getJavaMethod().getAnnotation(Promise.class);
    if (onMethod != null) {
      found.addAll(Set.of(onMethod.value()));
    }
    Promise onType =
        ClassSource.from(source.getJavaClass()).getJavaClass().getAnnotation(Promise.class);
    if (onType != null) {
      found.addAll(Set.of(onType.value()));
    }
    return found;
  }

  @Override
  public void testPlanExecutionFinished(TestPlan plan) {
    Set<String> lines = new TreeSet<>();
    linesOf.values().forEach(lines::addAll);
    String file = System.getProperty("promises.report");
    if (file == null || lines.isEmpty()) {
      return;
    }
    try {
      Path path = Path.of(file);
      Files.createDirectories(path.toAbsolutePath().getParent());
      Files.writeString(path, String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the promise report " + file, e);
    }
  }
}
