package dev.matriarch.agent.config;

import dev.matriarch.agent.config.Entry.Origin;
import dev.matriarch.inventory.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Parses YAML and keeps the lines; says every key that stands there twice. */
final class YamlFile {
  private static final int DEPTH = 50;
  private static final int VALUES = 100_000;

  private final String file;
  private final List<Problem> problems;
  private int values;

  private YamlFile(String file, List<Problem> problems) {
    this.file = file;
    this.problems = problems;
  }

  /** The document's map; empty when it cannot be read, and why is among the problems. */
  static Optional<Entry.Mapping> parse(String file, String text, List<Problem> problems) {
    return new YamlFile(file, problems).parse(text);
  }

  private Optional<Entry.Mapping> parse(String text) {
    Optional<Node> root;
    try {
      LoadSettings settings =
          LoadSettings.builder().setLabel(file).setMaxAliasesForCollections(50).build();
      root = new Compose(settings).composeString(text);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(0) + 1;
      return refuse(line, "is not YAML: " + e.getProblem().strip(), "correct the line");
    } catch (YamlEngineException e) {
      String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      return refuse(1, "is not YAML: " + what, "correct the file");
    }
    if (root.isEmpty()) {
      return refuse(1, "is empty", "write at least scope, name, etcd3.hosts and postgresql");
    }
    if (!(root.get() instanceof MappingNode mapping)) {
      return refuse(line(root.get()), "is no map of keys and values", "begin with scope: NAME");
    }
    return convert(mapping, "", 0) instanceof Entry.Mapping map
        ? Optional.of(map)
        : Optional.empty();
  }

  private Optional<Entry.Mapping> refuse(int line, String rule, String wayOut) {
    problems.add(new Problem(file, line, "", "", rule, wayOut));
    return Optional.empty();
  }

  private Entry convert(Node node, String path, int depth) {
    values++;
    Origin origin = new Origin(file, line(node));
    // Anchors may refer to themselves, or blow a small file up.
    if (depth > DEPTH || values > VALUES) {
      if (values <= VALUES + 1 || depth == DEPTH + 1) {
        problems.add(
            new Problem(
                file, origin.line(), path, "", "is nested too deep or refers to itself", ""));
      }
      return new Entry.Scalar("", true, origin);
    }
    return switch (node) {
      case ScalarNode scalar -> new Entry.Scalar(scalar.getValue(), scalar.isPlain(), origin);
      case SequenceNode sequence -> {
        List<Entry> items = new ArrayList<>();
        for (Node item : sequence.getValue()) {
          items.add(convert(item, path + "[" + items.size() + "]", depth + 1));
        }
        yield new Entry.Sequence(items, origin);
      }
      case MappingNode mapping -> new Entry.Mapping(entries(mapping, path, depth), origin);
      default -> throw new IllegalStateException("a YAML node of kind " + node.getNodeType());
    };
  }

  private Map<String, Entry> entries(MappingNode mapping, String path, int depth) {
    Map<String, Entry> entries = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      int line = line(tuple.getKeyNode());
      if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
        problems.add(
            new Problem(file, line, path, "", "has a key that is no word", "write a word"));
        continue;
      }
      String key = keyNode.getValue();
      String inner = path.isEmpty() ? key : path + "." + key;
      Entry value = convert(tuple.getValueNode(), inner, depth + 1);
      Entry before = entries.putIfAbsent(key, value);
      if (before != null) {
        problems.add(
            new Problem(
                file,
                line,
                inner,
                "",
                "stands here a second time, first in line " + before.origin().line(),
                "keep one of them"));
      }
    }
    return entries;
  }

  private static int line(Node node) {
    return node.getStartMark().map(Mark::getLine).orElse(0) + 1;
  }
}
