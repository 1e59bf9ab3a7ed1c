package dev.matriarch.agent.config;

import dev.matriarch.agent.config.Entry.Mapping;
import dev.matriarch.agent.config.Entry.Origin;
import dev.matriarch.inventory.Problem;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the configuration comes from, in the field's order: a file or a folder of files with the
 * environment over it; where there is none, all of it in one variable, and then no other counts;
 * else the other variables alone.
 */
final class ConfigSource {
  /** The whole of the configuration, as YAML. */
  private static final String WHOLE = "PATRONI_CONFIGURATION";

  private final Map<String, String> environment;
  private final List<Problem> problems;
  private final List<Problem> warnings;

  ConfigSource(Map<String, String> environment, List<Problem> problems, List<Problem> warnings) {
    this.environment = environment;
    this.problems = problems;
    this.warnings = warnings;
  }

  /** What a file or folder and the environment say; empty when it cannot be read. */
  Optional<Mapping> read(Path file) {
    boolean instead = whole().isPresent() && Files.notExists(file);
    return instead ? read() : fromDisk(file).map(this::withVariables);
  }

  private Mapping withVariables(Mapping file) {
    for (String name : Environment.unknown(environment)) {
      String source = "environment variable " + name;
      warnings.add(new Problem(source, 1, "", "", "is not acted on", ""));
    }
    return Environment.over(file, environment);
  }

  /** What the environment says. */
  Optional<Mapping> read() {
    Mapping nothing = new Mapping(Map.of(), new Origin("environment", 1));
    return whole().isPresent()
        ? YamlFile.parse("environment variable " + WHOLE, whole().get(), problems)
        : Optional.of(withVariables(nothing));
  }

  private Optional<String> whole() {
    return Optional.ofNullable(environment.get(WHOLE)).filter(text -> !text.isBlank());
  }

  private Optional<Mapping> fromDisk(Path file) {
    return Files.isDirectory(file)
        ? folder(file)
        : contents(file).flatMap(text -> YamlFile.parse(file.toString(), text, problems));
  }

  /** All files of a folder by their names; what a later one says counts. */
  private Optional<Mapping> folder(Path folder) {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.filter(ConfigSource::isYaml).sorted().toList();
    } catch (IOException e) {
      return unreadable(folder, "cannot be read: " + e.getMessage(), "");
    }
    Optional<Mapping> merged =
        files.stream()
            .flatMap(file -> telling(file).stream())
            .reduce((earlier, later) -> earlier.under(later));
    return merged.isPresent() || !problems.isEmpty()
        ? merged
        : unreadable(folder, "holds no YAML file that says anything", "put one there: NAME.yml");
  }

  private Optional<Mapping> telling(Path file) {
    return contents(file)
        .filter(text -> !saysNothing(text))
        .flatMap(text -> YamlFile.parse(file.toString(), text, problems));
  }

  private static boolean isYaml(Path file) {
    String name = file.getFileName().toString();
    return (name.endsWith(".yml") || name.endsWith(".yaml")) && Files.isRegularFile(file);
  }

  private static boolean saysNothing(String text) {
    return text.lines().map(String::strip).allMatch(l -> l.isEmpty() || l.startsWith("#"));
  }

  private Optional<String> contents(Path file) {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return unreadable(file, "does not exist", "give the path of the agent's YAML file");
    } catch (AccessDeniedException e) {
      return unreadable(file, "cannot be read: permission denied", "run as a user who may read it");
    } catch (MalformedInputException e) {
      return unreadable(file, "is not UTF-8 text", "save it as UTF-8");
    } catch (IOException e) {
      return unreadable(file, "cannot be read: " + e.getMessage(), "");
    }
  }

  private <T> Optional<T> unreadable(Path file, String rule, String wayOut) {
    problems.add(new Problem(file.toString(), 1, "", "", rule, wayOut));
    return Optional.empty();
  }
}
