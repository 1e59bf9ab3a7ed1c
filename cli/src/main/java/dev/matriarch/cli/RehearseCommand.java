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
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
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

  private final Surroundings surroundings;

  @Option(names = "--agent", description = "what the agent uses, not what the verbs use")
  private boolean agent;

  RehearseCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    readAndRender();
    if (!agent) {
      new CommandLineInterface(surroundings).run("validate", "--help");
      return ExitCode.DONE.number();
    }
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

  private static void askOverHttp() throws IOException, InterruptedException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        HttpClient client = HttpClient.newHttpClient()) {
      server.setExecutor(threads);
      server.createContext(
          "/",
          exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
          });
      server.start();
      URI uri = URI.create("http://127.0.0.1:%d/".formatted(server.getAddress().getPort()));
      client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
    } finally {
      server.stop(0);
    }
  }

  /** All of our own classes; there are a few hundred. */
  private static void loadOurs() throws IOException {
    ClassLoader loader = RehearseCommand.class.getClassLoader();
    try (JarFile jar = new JarFile(System.getProperty("java.class.path"))) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        String name = entry.getName();
        if (name.startsWith(OURS) && name.endsWith(CLASS) && !name.endsWith("package-info.class")) {
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
