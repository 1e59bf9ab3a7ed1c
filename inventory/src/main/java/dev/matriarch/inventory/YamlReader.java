package dev.matriarch.inventory;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Turns text into {@link Yaml}; whatever the text, it throws nothing and says what is wrong. */
final class YamlReader {
  private static final int DEEPEST = 60;
  // Aliases of aliases can unfold a small file without end.
  private static final int MOST_NODES = 1_000_000;

  private final Findings findings;
  private int nodes;
  private boolean tooMuch;

  private YamlReader(Findings findings) {
    this.findings = findings;
  }

  /** The only document of the text; nothing when it is empty or no YAML, which is reported. */
  static Optional<Yaml> read(String text, Findings findings) {
    return new YamlReader(findings).document(text);
  }

  private Optional<Yaml> document(String text) {
    Optional<Node> node = compose(text);
    Optional<Yaml> root = node.flatMap(n -> convert(n, Place.FILE, 0));
    if (tooMuch) {
      findings.problem(
          Place.FILE,
          "",
          "the file unfolds to more than " + MOST_NODES + " values or is too deeply nested",
          "use fewer aliases");
      return Optional.empty();
    }
    if (node.isPresent() && root.isPresent() && root.get().isEmpty()) {
      return empty();
    }
    return root;
  }

  private Optional<Yaml> empty() {
    findings.problem(
        Place.FILE,
        "",
        "the file is empty",
        "declare a cluster, such as pg-test: {hosts: {10.10.10.11: {pg_seq: 1, pg_role: primary}},"
            + " vars: {pg_cluster: pg-test}}");
    return Optional.empty();
  }

  private Optional<Node> compose(String text) {
    LoadSettings settings =
        LoadSettings.builder()
            .setCodePointLimit(Integer.MAX_VALUE)
            .setAllowDuplicateKeys(true)
            .build();
    try {
      Iterator<Node> documents = new Compose(settings).composeAllFromString(text).iterator();
      if (!documents.hasNext()) {
        empty();
        return Optional.empty();
      }
      Node first = documents.next();
      if (documents.hasNext()) {
        findings.problem(
            Place.FILE.at("", line(documents.next())),
            "",
            "a second document begins here",
            "keep the inventory in one document");
        return Optional.empty();
      }
      return Optional.of(first);
    } catch (MarkedYamlEngineException wrong) {
      wrongYaml(text, wrong.getProblemMark().or(wrong::getContextMark), wrong.getProblem());
    } catch (ReaderException wrong) {
      Place place = Place.FILE.at("", lineOf(text, wrong.getPosition()));
      findings.problem(
          place,
          "",
          "the character U+%04X is not allowed in YAML".formatted(wrong.getCodePoint()),
          "remove it");
    } catch (RuntimeException wrong) {
      // The parser's own slips on odd input, such as a version directive beyond an int.
      wrongYaml(text, Optional.empty(), "cannot be parsed: " + wrong.getMessage());
    } catch (StackOverflowError tooDeep) {
      // The parser recurses and keeps no state, so nothing is left half done.
      findings.problem(Place.FILE, "", "the file is too deeply nested", "it is no inventory");
    }
    return Optional.empty();
  }

  private void wrongYaml(String text, Optional<Mark> mark, String problem) {
    List<Integer> tabs = tabLines(text);
    for (int line : tabs) {
      findings.problem(
          Place.FILE.at("", line), "", "a tab indents this line", "indent with spaces");
    }
    if (tabs.isEmpty()) {
      int line = mark.map(m -> m.getLine() + 1).orElse(1);
      String column = mark.map(m -> " in column " + (m.getColumn() + 1)).orElse("");
      findings.problem(
          Place.FILE.at("", line),
          "",
          "is not YAML" + column + ": " + String.valueOf(problem).replaceAll("\\p{Cntrl}+", " "),
          "check indentation, colons, quotes and brackets here and just above");
    }
  }

  private static List<Integer> tabLines(String text) {
    List<Integer> lines = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\\R", -1)) {
      number++;
      int first = 0;
      while (first < line.length() && line.charAt(first) == ' ') {
        first++;
      }
      if (first < line.length() && line.charAt(first) == '\t' && !line.isBlank()) {
        lines.add(number);
      }
    }
    return lines;
  }

  private static int lineOf(String text, int position) {
    int end = Math.clamp(position, 0, text.length());
    return 1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  private Optional<Yaml> convert(Node node, Place place, int depth) {
    nodes++;
    if (nodes > MOST_NODES || depth > DEEPEST) {
      tooMuch = true;
    }
    if (tooMuch) {
      return Optional.empty();
    }
    return switch (node) {
      case ScalarNode scalar -> Optional.of(scalar(scalar));
      case SequenceNode sequence -> Optional.of(sequence(sequence, place, depth));
      case MappingNode mapping -> Optional.of(mapping(mapping, place, depth));
      default -> Optional.empty();
    };
  }

  private static Yaml scalar(ScalarNode node) {
    String tag = node.getTag().getValue();
    return new Yaml.Scalar(
        node.getValue(), node.isPlain(), tag.startsWith("!") ? tag : "", line(node));
  }

  private Yaml sequence(SequenceNode node, Place place, int depth) {
    List<Yaml> items = new ArrayList<>();
    for (Node item : node.getValue()) {
      convert(item, place.at(items.size(), line(item)), depth + 1).ifPresent(items::add);
    }
    return new Yaml.Sequence(items, line(node));
  }

  private Yaml mapping(MappingNode node, Place place, int depth) {
    Map<String, Yaml.Entry> entries = new LinkedHashMap<>();
    List<Yaml> merged = new ArrayList<>();
    for (NodeTuple tuple : node.getValue()) {
      int keyLine = line(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        findings.problem(
            place.at("?", keyLine), "", "the key is not a text", "write key: value, key a word");
        continue;
      }
      String key = keyNode.getValue();
      Place here = place.at(key, keyLine);
      Optional<Yaml> value = convert(tuple.getValueNode(), here, depth + 1);
      if (key.equals("<<") && keyNode.isPlain()) {
        value.ifPresent(merged::add);
      } else if (entries.containsKey(key)) {
        findings.problem(
            here,
            "",
            "is given twice, first in line " + entries.get(key).keyLine(),
            "keep one of them");
      } else {
        value.ifPresent(v -> entries.put(key, new Yaml.Entry(keyLine, v)));
      }
    }
    merged.forEach(source -> merge(source, entries));
    return new Yaml.Mapping(entries, line(node));
  }

  // The key "<<" lays other mappings under this one; what stands here wins.
  private static void merge(Yaml source, Map<String, Yaml.Entry> entries) {
    switch (source) {
      case Yaml.Mapping(var more, int _) -> more.forEach(entries::putIfAbsent);
      case Yaml.Sequence(var items, int _) -> items.forEach(item -> merge(item, entries));
      case Yaml.Scalar _ -> {}
    }
  }
}
