package dev.matriarch.cli;

import dev.matriarch.chronicle.Recording;
import dev.matriarch.chronicle.Story;
import dev.matriarch.engine.Rule;
import dev.matriarch.fleet.Recordings;
import dev.matriarch.fleet.RunningFleet;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the members of a cluster decided and why, as one story. */
@Command(
    name = "explain",
    description = "Tell what the members of a cluster decided and why, as one story.")
final class ExplainCommand implements Callable<Integer> {
  private static final String USUAL_LENGTH = "10m";
  private static final Duration AROUND = Duration.ofMinutes(1);

  private final Surroundings surroundings;
  @Mixin private ClusterArguments arguments;
  @Mixin private OutputOption output;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "around this time: 14:05:30 of today, or with a date (default: until now)")
  private String at;

  @Option(
      names = "--since",
      paramLabel = "LENGTH",
      description = "how much: 90s, 10m, 2h, 7d (default: 10m until now, or 1m around --at)")
  private String since;

  @Option(
      names = "--files",
      paramLabel = "PATH",
      arity = "1..*",
      description = "read these recordings or folders of them instead of asking the agents")
  private List<Path> files = List.of();

  @Option(names = "--all", description = "also what is done all the time: keys, positions, slots")
  private boolean everything;

  @Option(names = "--rules", description = "print the table of all rules instead")
  private boolean rules;

  ExplainCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    if (rules) {
      output.print(rules(), surroundings.out());
      return ExitCode.DONE.number();
    }
    TimeSpan span = span();
    return files.isEmpty() ? asked(span) : tell(read(), span, new TreeMap<>());
  }

  private TimeSpan span() {
    Instant now = surroundings.clock().instant();
    if (at == null) {
      return since == null && !files.isEmpty()
          ? new TimeSpan(Instant.MIN, Instant.MAX)
          : TimeSpan.before(now, TimeSpan.length(since == null ? USUAL_LENGTH : since));
    }
    Instant moment = TimeSpan.moment(at, now, ZoneId.systemDefault());
    return TimeSpan.around(moment, since == null ? AROUND : TimeSpan.length(since));
  }

  private List<Recording> read() {
    return RecordingFiles.found(
            files.stream().map(it -> surroundings.resolve(it.toString())).toList())
        .stream()
        .map(RecordingFiles::read)
        .toList();
  }

  private int asked(TimeSpan span) {
    try (RunningFleet fleet = arguments.fleet(surroundings)) {
      Recordings recordings =
          ClusterArguments.ask(
              () -> Recordings.of(arguments.one(fleet), span.since(), span.until()));
      return tell(recordings.told(), span, recordings.silent());
    }
  }

  private int tell(List<Recording> told, TimeSpan span, SortedMap<String, String> silent) {
    silent.forEach((name, why) -> surroundings.err().println("not told: " + name + ": " + why));
    Story story = Story.of(told, span.since(), span.until());
    story.notes().forEach(it -> surroundings.err().println("note: " + it));
    if (story.entries().isEmpty() && !silent.isEmpty() && told.isEmpty()) {
      throw new Refused("no member tells; read what they recorded with --files DIR");
    }
    StoryText text = new StoryText(story, ZoneId.systemDefault(), everything);
    String words = story.entries().isEmpty() ? "Nothing was decided in this time.\n" : text.text();
    output.print(new Answer(text.data(silent), words), surroundings.out());
    return ExitCode.DONE.number();
  }

  private static Answer rules() {
    TextTable table = new TextTable(Palette.PLAIN, "Number", "Rule", "What it says");
    List<Map<String, Object>> data =
        Arrays.stream(Rule.values())
            .map(
                rule -> {
                  table.row(Integer.toString(rule.number()), rule.name(), rule.sentence());
                  Map<String, Object> row = new LinkedHashMap<>();
                  row.put("number", rule.number());
                  row.put("rule", rule.name());
                  row.put("sentence", rule.sentence());
                  return row;
                })
            .toList();
    return new Answer(data, table.render());
  }
}
