package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.List;

/** Collects all that is found while a file is read, so that it is reported at once. */
final class Findings {
  private final String file;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();
  private final List<NotActedOn> notActedOn = new ArrayList<>();

  Findings(String file) {
    this.file = file;
  }

  void problem(Place place, String value, String rule, String wayOut) {
    problems.add(new Problem(file, place.line(), place.path(), value, rule, wayOut));
  }

  void warning(Place place, String value, String rule, String wayOut) {
    warnings.add(new Problem(file, place.line(), place.path(), value, rule, wayOut));
  }

  void notActedOn(Place place, String reason) {
    notActedOn.add(new NotActedOn(file, place.line(), place.path(), reason));
  }

  boolean hasProblems() {
    return !problems.isEmpty();
  }

  /** True when something at that path, or in it, is wrong. */
  boolean hasProblemIn(String path) {
    return problems.stream().anyMatch(problem -> problem.path().startsWith(path));
  }

  List<Problem> problems() {
    return problems.stream().sorted(Problem.BY_LINE).distinct().toList();
  }

  List<Problem> warnings() {
    return warnings.stream().sorted(Problem.BY_LINE).distinct().toList();
  }

  List<NotActedOn> notActedOn() {
    return List.copyOf(notActedOn);
  }

  String file() {
    return file;
  }
}
