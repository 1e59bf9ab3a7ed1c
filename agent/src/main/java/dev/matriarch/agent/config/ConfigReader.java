package dev.matriarch.agent.config;

import dev.matriarch.agent.config.Entry.Mapping;
import dev.matriarch.agent.config.PeerAccess.Certificate;
import dev.matriarch.agent.config.RestConfig.Tls;
import dev.matriarch.agent.config.RestConfig.VerifyClient;
import dev.matriarch.inventory.Problem;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads the agent's file and the environment; tells all that is wrong at once. */
final class ConfigReader {
  private static final Pattern MEMBER_NAME = Pattern.compile("[^/\\s\\p{Cntrl}]+");
  private static final int REST_PORT = 8008;

  private final Map<String, String> environment;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  private ConfigReader(Map<String, String> environment) {
    this.environment = environment;
  }

  static ConfigResult read(Path file, Map<String, String> environment) {
    return new ConfigReader(environment).read(file);
  }

  private ConfigResult read(Path file) {
    Optional<Mapping> parsed =
        contents(file).flatMap(text -> YamlFile.parse(file.toString(), text, problems));
    Optional<AgentConfig> config =
        parsed.map(mapping -> config(new Section("", overlay(mapping), problems, warnings)));
    warnings.sort(Problem.BY_LINE);
    return config.isPresent() && problems.isEmpty()
        ? new ConfigResult.Loaded(config.get(), warnings)
        : new ConfigResult.Rejected(problems.stream().distinct().sorted(Problem.BY_LINE).toList());
  }

  private Mapping overlay(Mapping mapping) {
    return Environment.over(mapping, environment);
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

  private Optional<String> unreadable(Path file, String rule, String wayOut) {
    problems.add(new Problem(file.toString(), 1, "", "", rule, wayOut));
    return Optional.empty();
  }

  private AgentConfig config(Section file) {
    Optional<MatriarchConfig> matriarch =
        file.has("matriarch")
            ? Optional.of(MatriarchReader.read(file.section("matriarch")))
            : Optional.empty();
    AgentConfig config =
        new AgentConfig(
            name(file, "scope", "name the cluster"),
            file.text("namespace", "service").replaceAll("^/+|/+$", ""),
            name(file, "name", "name this member"),
            LogReader.read(file.section("log")),
            rest(file.section("restapi")),
            peers(file.section("ctl"), file.section("restapi")),
            EtcdReader.read(file),
            bootstrap(file.section("bootstrap")),
            PostgresReader.read(
                file.section("postgresql"), matriarch.map(MatriarchConfig::runDir), environment),
            TagsReader.read(file.section("tags"), file),
            watchdog(file.section("watchdog")),
            matriarch);
    file.done();
    return config;
  }

  private static String name(Section file, String key, String wayOut) {
    String name = file.required(key, wayOut);
    if (!MEMBER_NAME.matcher(name).matches()) {
      file.reject(key, "cannot be a part of a key in etcd", "leave out blanks and slashes");
    }
    return name;
  }

  private static RestConfig rest(Section rest) {
    HostPort listen =
        rest.address("listen", REST_PORT).orElse(new HostPort("127.0.0.1", REST_PORT));
    HostPort advertised = rest.address("connect_address", REST_PORT).orElse(listen);
    if (PostgresReader.isEverywhere(advertised.host())) {
      rest.reject(
          rest.has("connect_address") ? "connect_address" : "listen",
          "is no address that others can reach",
          "set restapi.connect_address to host:port");
    }
    Allowlist allowed =
        new Allowlist(rest.texts("allowlist"), rest.flag("allowlist_include_members", false));
    RestConfig config = new RestConfig(listen, advertised, tls(rest), login(rest), allowed);
    rest.tolerate("http_extra_headers", "https_extra_headers", "request_queue_size");
    rest.done();
    return config;
  }

  private static Optional<Tls> tls(Section rest) {
    VerifyClient verify = verifyClient(rest);
    Optional<Path> ca = rest.file("cafile");
    Optional<Path> certificate = rest.file("certfile");
    Optional<Path> key = rest.file("keyfile");
    if (certificate.isEmpty()) {
      if (key.isPresent()) {
        rest.reject("keyfile", "has no certificate", "set restapi.certfile too");
      }
      return Optional.empty();
    }
    if (verify != VerifyClient.NONE && ca.isEmpty()) {
      rest.reject("verify_client", "needs to know who signs them", "set restapi.cafile");
    }
    return Optional.of(new Tls(certificate.get(), key.orElse(certificate.get()), ca, verify));
  }

  private static VerifyClient verifyClient(Section rest) {
    // The word for "none" in YAML is also the word for "off".
    return rest.text("verify_client").filter(t -> Words.truth(t).isPresent()).isPresent()
        ? VerifyClient.NONE
        : rest.word("verify_client", VerifyClient.class, VerifyClient.NONE);
  }

  private static Optional<Credentials> login(Section section) {
    Section login = section.section("authentication");
    if (login.keys().isEmpty()) {
      return Optional.empty();
    }
    Credentials credentials =
        new Credentials(
            login.required("username", "name the user"),
            login.required("password", "give the password"));
    login.done();
    return Optional.of(credentials);
  }

  private static PeerAccess peers(Section ctl, Section rest) {
    Optional<Path> certificate = ctl.file("certfile");
    Optional<Path> key = ctl.file("keyfile");
    PeerAccess access =
        new PeerAccess(
            ctl.file("cacert").or(() -> ctl.file("cafile")).or(() -> rest.file("cafile")),
            certificate.map(file -> new Certificate(file, key.orElse(file))),
            ctl.flag("insecure", false),
            login(ctl).or(() -> login(rest)));
    ctl.tolerate("keyfile_password");
    ctl.done();
    return access;
  }

  private static BootstrapConfig bootstrap(Section bootstrap) {
    String dcs = "{}";
    Optional<Entry> entry = bootstrap.entry("dcs");
    if (entry.isPresent() && entry.get() instanceof Mapping mapping) {
      dcs = YamlJson.object(mapping).toString();
    } else if (entry.isPresent()) {
      bootstrap.reject("dcs", "is no section", "write its keys indented below it");
    }
    String method = bootstrap.text("method", "initdb");
    BootstrapConfig config =
        new BootstrapConfig(
            dcs,
            bootstrap.options("initdb"),
            method.equals("initdb")
                ? Optional.empty()
                : Optional.of(MethodReader.read(bootstrap, method)),
            bootstrap.text("post_bootstrap").or(() -> bootstrap.text("post_init")).orElse(""));
    bootstrap.done();
    return config;
  }

  private static WatchdogConfig watchdog(Section watchdog) {
    Duration margin = Duration.ofSeconds(watchdog.number("safety_margin", -1, 3600, 5));
    WatchdogConfig config =
        new WatchdogConfig(
            watchdog.word("mode", WatchdogConfig.Mode.class, WatchdogConfig.DEFAULT.mode()),
            watchdog.word("driver", WatchdogConfig.Driver.class, WatchdogConfig.DEFAULT.driver()),
            watchdog.text("device", WatchdogConfig.DEFAULT.device()),
            margin);
    watchdog.done();
    return config;
  }
}
