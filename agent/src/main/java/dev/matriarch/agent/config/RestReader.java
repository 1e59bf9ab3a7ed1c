package dev.matriarch.agent.config;

import dev.matriarch.agent.config.PeerAccess.Certificate;
import dev.matriarch.agent.config.RestConfig.Tls;
import dev.matriarch.agent.config.RestConfig.VerifyClient;
import dev.matriarch.etcd.KeyFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads {@code restapi}, and {@code ctl} for how other agents are asked. */
final class RestReader {
  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");
  private static final Set<String> FRAMING =
      Set.of("connection", "content-length", "transfer-encoding");
  private static final int REST_PORT = 8008;

  private RestReader() {}

  static RestConfig read(Section rest) {
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
    Optional<Tls> tls = tls(rest);
    RestConfig config =
        new RestConfig(
            listen, advertised, tls, login(rest), allowed, headers(rest, tls.isPresent()));
    // Every connection gets in, and no answer says by what it was written.
    rest.tolerate("request_queue_size", "server_tokens");
    rest.done();
    return config;
  }

  /** Those for encrypted connections come to the others. */
  private static Map<String, String> headers(Section rest, boolean encrypted) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String key : List.of("http_extra_headers", "https_extra_headers")) {
      Map<String, String> given = rest.section(key).texts();
      given.forEach(
          (name, value) -> {
            if (!HEADER_NAME.matcher(name).matches() || !HEADER_VALUE.matcher(value).matches()) {
              rest.reject(key, "has " + name + ", which is no header", "write NAME: VALUE");
            } else if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
              rest.reject(key, "has " + name + ", by which answers are told apart", "leave it out");
            }
          });
      if (encrypted || key.equals("http_extra_headers")) {
        headers.putAll(given);
      }
    }
    return headers;
  }

  private static Optional<Tls> tls(Section rest) {
    VerifyClient verify = verifyClient(rest);
    Optional<Path> ca = rest.file("cafile");
    Optional<Path> certificate = rest.file("certfile");
    Optional<Path> key = rest.file("keyfile");
    if (certificate.isEmpty()) {
      rest.tolerate("keyfile_password", "ciphers");
      if (key.isPresent()) {
        rest.reject("keyfile", "has no certificate", "set restapi.certfile too");
      }
      return Optional.empty();
    }
    if (verify != VerifyClient.NONE && ca.isEmpty()) {
      rest.reject("verify_client", "needs to know who signs them", "set restapi.cafile");
    }
    return Optional.of(
        new Tls(
            certificate.get(), key(rest, "restapi", certificate.get()), ca, verify, ciphers(rest)));
  }

  /** What is ruled out by name needs no word here: only what is named is permitted. */
  private static List<String> ciphers(Section rest) {
    List<String> suites = new ArrayList<>();
    for (String name : rest.text("ciphers", "").split("[:, ]+", -1)) {
      Optional<String> suite = CipherNames.standard(name);
      suite.ifPresent(suites::add);
      if (suite.isEmpty() && !name.isEmpty() && !name.startsWith("!")) {
        rest.warn("ciphers", "has " + name + ", which is no suite that is known; left aside");
      }
    }
    return suites;
  }

  /** The key may stand in the certificate's file. */
  private static KeyFile key(Section section, String name, Path certificate) {
    return new KeyFile(
        section.file("keyfile").orElse(certificate),
        section.text("keyfile_password", ""),
        name + ".keyfile_password");
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

  /** What this agent shows to others. */
  static PeerAccess peers(Section ctl, Section rest) {
    Optional<Path> certificate = ctl.file("certfile");
    PeerAccess access =
        new PeerAccess(
            ctl.file("cacert").or(() -> ctl.file("cafile")).or(() -> rest.file("cafile")),
            certificate.map(file -> new Certificate(file, key(ctl, "ctl", file))),
            ctl.flag("insecure", false),
            login(ctl).or(() -> login(rest)));
    ctl.tolerate("keyfile", "keyfile_password");
    ctl.done();
    return access;
  }
}
