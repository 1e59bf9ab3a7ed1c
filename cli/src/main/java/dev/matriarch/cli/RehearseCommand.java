package dev.matriarch.cli;

import com.sun.net.httpserver.HttpServer;
import dev.matriarch.inventory.Address;
import dev.matriarch.inventory.Inventory;
import dev.matriarch.render.Layout;
import dev.matriarch.render.NodeFiles;
import dev.matriarch.render.Programs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Run once after a build: what it loads goes into the start-up archive, so that neither a verb nor
 * a restarted agent has to find, check and link it again.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Load what the start-up archive should hold.")
final class RehearseCommand implements Callable<Integer> {
  private static final String OURS = "dev/matriarch/";
  private static final String CLASS = ".class";

  /** An archive is in memory as a whole: what only verbs use would cost each agent some MiB. */
  private static final List<String> OTHERS =
      Stream.of("cli", "fleet", "render", "engine/sim").map(room -> OURS + room + "/").toList();

  private final Surroundings surroundings;

  @Option(names = "--agent", description = "what the agent uses, not what the verbs use")
  private boolean agent;

  RehearseCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    if (!agent) {
      readAndRender();
      new CommandLineInterface(surroundings).run("validate", "--help");
      listAnEmptyCluster();
      return ExitCode.DONE.number();
    }
    refuseToStart();
    askOverHttp();
    LoggerFactory.getLogger(RehearseCommand.class).info("rehearsing");
    DriverManager.getDriver("jdbc:postgresql://127.0.0.1/postgres");
    loadOurs();
    return ExitCode.DONE.number();
  }

  private static void readAndRender() {
    String text = new DemoInventory(new Random(1)).text(3, 15, "postgres");
    Inventory inventory = InventoryFile.parse("rehearsal", text);
    Programs programs = Programs.debian(15, List.of("/usr/bin/matriarch"));
    Layout layout = new Layout(Path.of("/var/lib/matriarch/n"), programs, "postgres", true);
    NodeFiles.of(inventory, Address.of(DemoInventory.address(1)), layout);
  }

  /** A verb that asks etcd, of which there is as much as it takes: a cluster without a key. */
  private void listAnEmptyCluster() throws IOException, InterruptedException {
    Path inventory = Files.createTempFile("rehearsal", ".yml");
    try {
      whileAnswering(
          "{\"header\":{\"cluster_id\":\"1\",\"revision\":\"1\"}}",
          port -> {
            Files.writeString(inventory, onePrimary(port));
            new CommandLineInterface(surroundings).run("list", "--inventory", inventory.toString());
          });
    } finally {
      Files.delete(inventory);
    }
  }

  private static String onePrimary(int etcdPort) {
    return """
        pg-test:
          hosts: { 127.0.0.1: { pg_seq: 1, pg_role: primary } }
          vars: { pg_cluster: pg-test }
        etcd:
          hosts: { 127.0.0.1: { etcd_seq: 1 } }
          vars: { etcd_cluster: etcd, etcd_port: %d }
        """
        .formatted(etcdPort);
  }

  /** An agent reads its file, and finds nothing of what it needs in it. */
  private void refuseToStart() throws IOException {
    Path file = Files.createTempFile("rehearsal", ".yml");
    try {
      Files.writeString(file, "scope: rehearsal\nname: rehearsal-1\n");
      new CommandLineInterface(surroundings).run("agent", file.toString());
    } finally {
      Files.delete(file);
    }
  }

  private static void askOverHttp() throws IOException, InterruptedException {
    whileAnswering(
        "",
        port -> {
          try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:%d/".formatted(port));
            client.send(
                HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
          }
        });
  }

  @FunctionalInterface
  private interface Questions {
    void ask(int port) throws IOException, InterruptedException;
  }

  /** A server on loopback that gives this answer to whatever is asked. */
  private static void whileAnswering(String answer, Questions questions)
      throws IOException, InterruptedException {
    byte[] body = answer.getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      server.setExecutor(threads);
      server.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
          });
      server.start();
      questions.ask(server.getAddress().getPort());
    } finally {
      server.stop(0);
    }
  }

  /** All of our own classes that an agent may come to use; there are a few hundred. */
  private static void loadOurs() throws IOException {
    ClassLoader loader = RehearseCommand.class.getClassLoader();
    try (JarFile jar = new JarFile(System.getProperty("java.class.path"))) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        String name = entry.getName();
        if (name.startsWith(OURS)
            && OTHERS.stream().noneMatch(name::startsWith)
            && name.endsWith(CLASS)
            && !name.endsWith("package-info.class")) {
          load(loader, name.substring(0, name.length() - CLASS.length()).replace('/', '.'));
        }
      }
    }
  }

  private static void load(ClassLoader loader, String name) {
    try {
      Class.forName(name, true, loader);
    } catch (ClassNotFoundException | LinkageError _) {
      // It will not be in the archive, that is all.
      return;
    }
  }
}
