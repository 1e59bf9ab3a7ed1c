package dev.matriarch.cli;

import dev.matriarch.chronicle.Difference;
import dev.matriarch.chronicle.Replay;
import dev.matriarch.engine.Engine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Recorded inputs, run through this version's rules. */
@Command(
    name = "replay",
    description =
        "Run recorded decisions through this version's rules; exit code 3 if any comes out otherwise.")
final class ReplayCommand implements Callable<Integer> {
  private final Surroundings surroundings;
  @Mixin private OutputOption output;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "recordings, or folders of them")
  private List<Path> files;

  ReplayCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() {
    List<Object> differences = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int run = 0;
    for (Path file :
        RecordingFiles.found(
            files.stream().map(it -> surroundings.resolve(it.toString())).toList())) {
      Replay replay = Replay.of(RecordingFiles.read(file), new Engine());
      replay.notes().forEach(it -> surroundings.err().println("note: " + it));
      run += replay.decisions();
      for (Difference difference : replay.differences()) {
        tell(file, difference, text);
        differences.add(data(file, difference));
      }
    }
    if (run == 0) {
      throw new Refused("none of the recorded decisions can be run by this version");
    }
    text.append("%d decisions, %d come out otherwise%n".formatted(run, differences.size()));
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("decisions", run);
    data.put("differences", differences);
    output.print(new Answer(data, text.toString()), surroundings.out());
    return (differences.isEmpty() ? ExitCode.DONE : ExitCode.CHANGES).number();
  }

  private static void tell(Path file, Difference difference, StringBuilder text) {
    text.append(
        "%s %s %s%n"
            .formatted(
                difference.then().at(), difference.then().source().member(), file.getFileName()));
    difference.lines().forEach(line -> text.append("  ").append(line).append('\n'));
  }

  private static Map<String, Object> data(Path file, Difference difference) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("file", file.toString());
    data.put("at", difference.then().at().toString());
    data.put("member", difference.then().source().member());
    data.put("lines", difference.lines());
    return data;
  }
}
