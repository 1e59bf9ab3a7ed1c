package dev.matriarch.agent.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.matriarch.etcd.Endpoint;
import dev.matriarch.etcd.EtcdConfig;
import dev.matriarch.etcd.Login;
import dev.matriarch.etcd.Security;
import dev.matriarch.etcd.Timeouts;
import java.net.URLDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code etcd3}, or {@code etcd} where that is absent. */
final class EtcdReader {
  private static final Pattern COMMA = Pattern.compile("[\\s,]+");
  private static final EtcdConfig NOWHERE = EtcdConfig.of(List.of(Endpoint.parse("127.0.0.1")));

  private static final List<String> PLACES = List.of("hosts", "host", "url", "proxy");
  private static final Pattern LOGIN = Pattern.compile("https?://([^/@:]+):([^/@]*)@.*");

  private final Section section;
  private final String scheme;

  private EtcdReader(Section section) {
    this.section = section;
    this.scheme = section.text("protocol", "http");
  }

  static EtcdConfig read(Section file) {
    String name = file.has("etcd3") || !file.has("etcd") ? "etcd3" : "etcd";
    if (!file.has(name)) {
      file.reject(name, "is missing", "say where etcd is: etcd3.hosts: HOST:2379,HOST:2379");
      return NOWHERE;
    }
    Section section = file.section(name);
    EtcdConfig config = new EtcdReader(section).config();
    section.done();
    return config;
  }

  private EtcdConfig config() {
    Security security = security();
    // The list is never replaced by what etcd says of its members: each may be a proxy.
    section.tolerate("use_proxies");
    List<Endpoint> endpoints = endpoints();
    EtcdConfig config = NOWHERE;
    if (!endpoints.isEmpty()) {
      try {
        config = new EtcdConfig(endpoints, security, login(), Timeouts.DEFAULT);
      } catch (IllegalArgumentException e) {
        section.reject(
            "hosts", "and the certificates do not fit: " + e.getMessage(), "use https with cacert");
      }
    }
    return config;
  }

  private List<Endpoint> endpoints() {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String key : PLACES) {
      for (String item : section.texts(key)) {
        for (String text : COMMA.splitAsStream(item.strip()).toList()) {
          add(endpoints, key, text.replaceAll("^['\"\\[]+|['\"\\]]+$", ""));
        }
      }
    }
    boolean given = PLACES.stream().anyMatch(section::has);
    if (endpoints.isEmpty() && !given && section.has("srv")) {
      section.reject("srv", "is not looked up", "list etcd's members in hosts as HOST:2379");
    } else if (endpoints.isEmpty() && !given) {
      section.reject("hosts", "is missing", "list etcd's members as HOST:2379");
    }
    return endpoints.stream().distinct().toList();
  }

  private void add(List<Endpoint> endpoints, String key, String text) {
    try {
      Endpoint endpoint = Endpoint.parse(text, scheme);
      if (endpoint.uri().getPort() <= 65_535) {
        endpoints.add(endpoint);
        return;
      }
    } catch (IllegalArgumentException e) {
      // Told below, as the port that is none.
    }
    section.reject(
        key,
        "has an item that is no address: " + Section.withoutLogin(text),
        "write it as host:port");
  }

  private Security security() {
    Optional<Path> ca = section.file("cacert");
    Optional<Path> certificate = section.file("cert");
    Optional<Path> key = section.file("key");
    if (ca.isEmpty()) {
      if (certificate.isPresent()) {
        section.reject("cert", "is of no use without an authority", "set cacert too");
      }
      return new Security.Plain();
    }
    return certificate.isPresent()
        ? new Security.MutualTls(ca.get(), certificate.get(), key.orElse(certificate.get()))
        : new Security.ServerTls(ca.get());
  }

  private Login login() {
    Optional<String> user = section.text("username");
    Optional<String> password = section.text("password");
    return user.isPresent() && password.isPresent()
        ? new Login.Password(user.get(), password.get())
        : fromUrl();
  }

  /** A url may carry the login, with what has a meaning in urls spelled as %XX. */
  private Login fromUrl() {
    for (String key : List.of("url", "proxy")) {
      Matcher matcher = LOGIN.matcher(section.text(key, ""));
      if (matcher.matches()) {
        try {
          return new Login.Password(plain(matcher.group(1)), plain(matcher.group(2)));
        } catch (IllegalArgumentException e) {
          section.reject(key, "has a login that cannot be read", "spell its signs as %XX");
        }
      }
    }
    return new Login.Anonymous();
  }

  private static String plain(String encoded) {
    return URLDecoder.decode(encoded.replace("+", "%2B"), UTF_8);
  }
}
