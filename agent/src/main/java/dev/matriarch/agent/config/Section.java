package dev.matriarch.agent.config;

import dev.matriarch.agent.config.Entry.Mapping;
import dev.matriarch.agent.config.Entry.Origin;
import dev.matriarch.agent.config.Entry.Scalar;
import dev.matriarch.agent.config.Entry.Sequence;
import dev.matriarch.inventory.Problem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One map of the agent's file while it is read: hands values out by type, collects what is wrong,
 * and knows which keys nobody asked for.
 */
final class Section {
  private static final Pattern LOGIN = Pattern.compile("//[^/@]*@");
  private static final Pattern SECRET = Pattern.compile(".*(password|secret|token).*");

  private final String path;
  private final Mapping mapping;
  private final List<Problem> problems;
  private final List<Problem> warnings;
  private final Set<String> read = new HashSet<>();

  Section(String path, Mapping mapping, List<Problem> problems, List<Problem> warnings) {
    this.path = path;
    this.mapping = mapping;
    this.problems = problems;
    this.warnings = warnings;
  }

  boolean has(String key) {
    return entry(key).isPresent();
  }

  /** A value, unless it is absent or null. */
  Optional<Entry> entry(String key) {
    read.add(key);
    return Optional.ofNullable(mapping.entries().get(key))
        .filter(entry -> !(entry instanceof Scalar scalar && scalar.isNull()));
  }

  Set<String> keys() {
    return mapping.entries().keySet();
  }

  /** Whether the value is a map that has this key; does not count as reading it. */
  boolean hasBelow(String key, String inner) {
    return mapping.entries().get(key) instanceof Mapping there
        && there.entries().containsKey(inner);
  }

  /** A section below; one without keys when it is absent. */
  Section section(String key) {
    Optional<Entry> entry = entry(key);
    Mapping inner = new Mapping(Map.of(), entry.map(Entry::origin).orElse(mapping.origin()));
    if (entry.isPresent()) {
      if (entry.get() instanceof Mapping there) {
        inner = there;
      } else {
        reject(key, "is no section", "write its keys indented below it");
      }
    }
    return new Section(path(key), inner, problems, warnings);
  }

  /** The items of a list that are maps. */
  List<Section> sections(String key) {
    List<Section> sections = new ArrayList<>();
    for (Entry item : items(key)) {
      if (item instanceof Mapping map) {
        sections.add(new Section(path(key) + "[" + sections.size() + "]", map, problems, warnings));
      } else {
        reject(item.origin(), key, "", "has an item that is no map of keys", "");
      }
    }
    return sections;
  }

  /** The items of a list; a single value is a list of one. */
  List<Entry> items(String key) {
    Optional<Entry> entry = entry(key);
    if (entry.isEmpty()) {
      return List.of();
    }
    return switch (entry.get()) {
      case Sequence sequence -> sequence.items();
      case Scalar scalar -> List.of(scalar);
      case Mapping map -> {
        reject(key, "is no list", "write its items each after a dash");
        yield List.of();
      }
    };
  }

  Optional<String> text(String key) {
    Optional<Entry> entry = entry(key);
    if (entry.isEmpty()) {
      return Optional.empty();
    }
    if (entry.get() instanceof Scalar scalar) {
      return Optional.of(scalar.text());
    }
    reject(key, "is no single value", "write one word or number");
    return Optional.empty();
  }

  String text(String key, String absent) {
    return text(key).orElse(absent);
  }

  /** A value that must be there; what is handed out when it is not does not matter. */
  String required(String key, String wayOut) {
    Optional<String> text = text(key).filter(value -> !value.isBlank());
    if (text.isEmpty() && entry(key).filter(e -> !(e instanceof Scalar)).isEmpty()) {
      reject(key, "is missing", wayOut);
    }
    return text.orElse("-");
  }

  boolean flag(String key, boolean absent) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return absent;
    }
    Optional<Boolean> flag = Words.truth(text.get());
    if (flag.isEmpty()) {
      reject(key, "is neither yes nor no", "write true or false");
    }
    return flag.orElse(absent);
  }

  int number(String key, int least, int most, int absent) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return absent;
    }
    try {
      int number = Integer.parseInt(text.get().strip());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, as any other value that does not fit.
    }
    reject(key, "is no whole number", "write one from " + least + " to " + most);
    return absent;
  }

  <E extends Enum<E>> E word(String key, Class<E> words, E absent) {
    Optional<String> text = text(key);
    if (text.isEmpty()) {
      return absent;
    }
    String wanted = text.get().toUpperCase(Locale.ROOT);
    // YAML's own words for a switch that is off.
    String word = wanted.equals("FALSE") || wanted.equals("NO") ? "OFF" : wanted;
    for (E constant : words.getEnumConstants()) {
      if (constant.name().equals(word)) {
        return constant;
      }
    }
    reject(
        key,
        "is none of its words",
        "write one of "
            + Arrays.toString(words.getEnumConstants())
                .toLowerCase(Locale.ROOT)
                .replaceAll("[\\[\\]]", ""));
    return absent;
  }

  Optional<Path> file(String key) {
    return text(key).flatMap(text -> path(key, text));
  }

  Optional<Path> absolutePath(String key) {
    return file(key)
        .filter(
            file -> {
              if (!file.isAbsolute()) {
                reject(key, "is no absolute path", "begin it with a slash");
              }
              return file.isAbsolute();
            });
  }

  private Optional<Path> path(String key, String text) {
    try {
      return Optional.of(Path.of(text));
    } catch (InvalidPathException e) {
      reject(key, "is no path: " + e.getReason(), "");
      return Optional.empty();
    }
  }

  Optional<HostPort> address(String key, int defaultPort) {
    return text(key)
        .flatMap(
            text -> {
              Optional<HostPort> address = Words.address(text, defaultPort);
              if (address.isEmpty()) {
                reject(key, "is no address", "write it as host:port");
              }
              return address;
            });
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Entry item : items(key)) {
      if (item instanceof Scalar scalar) {
        texts.add(scalar.text());
      } else {
        reject(item.origin(), key, "", "has an item that is no single value", "");
      }
    }
    return texts;
  }

  /** All of the section as text by key; what is null is left out. */
  Map<String, String> texts() {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String key : keys()) {
      text(key).ifPresent(text -> texts.put(key, text));
    }
    return texts;
  }

  /** A list that mixes one-key maps and bare words, as options: a bare word has an empty value. */
  Map<String, String> options(String key) {
    Map<String, String> options = new LinkedHashMap<>();
    Optional<Entry> whole = entry(key).filter(Mapping.class::isInstance);
    for (Entry item : whole.map(List::of).orElseGet(() -> items(key))) {
      switch (item) {
        case Scalar scalar -> options.put(scalar.text(), "");
        case Mapping map -> options.putAll(new Section(path(key), map, problems, warnings).texts());
        case Sequence sequence ->
            reject(sequence.origin(), key, "", "has a list within the list", "");
      }
    }
    return options;
  }

  void reject(String key, String rule, String wayOut) {
    Entry entry = mapping.entries().get(key);
    String value = entry instanceof Scalar scalar ? shown(key, scalar.text()) : "";
    reject(entry == null ? mapping.origin() : entry.origin(), key, value, rule, wayOut);
  }

  private void reject(Origin origin, String key, String value, String rule, String wayOut) {
    problems.add(new Problem(origin.file(), origin.line(), path(key), value, rule, wayOut));
  }

  void warn(String key, String rule) {
    Entry entry = mapping.entries().get(key);
    Origin origin = entry == null ? mapping.origin() : entry.origin();
    warnings.add(new Problem(origin.file(), origin.line(), path(key), "", rule, ""));
  }

  /** Warns of the keys that nobody asked for. */
  void done() {
    for (String key : keys()) {
      if (!read.contains(key)) {
        warn(key, "is not acted on");
      }
    }
  }

  /** Does not warn of these keys, though nobody asks for them. */
  void tolerate(String... keys) {
    read.addAll(Arrays.asList(keys));
  }

  private String path(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static String shown(String key, String text) {
    if (SECRET.matcher(key.toLowerCase(Locale.ROOT)).matches()) {
      return "***";
    }
    String open = withoutLogin(text);
    return open.length() > 60 ? open.substring(0, 60) + "..." : open;
  }

  /** An address with a login in it, without the login. */
  static String withoutLogin(String address) {
    return LOGIN.matcher(address).replaceAll("//***@");
  }
}
