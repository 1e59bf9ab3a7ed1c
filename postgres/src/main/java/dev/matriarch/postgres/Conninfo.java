package dev.matriarch.postgres;

import java.util.LinkedHashMap;
import java.util.Map;

/** libpq's {@code keyword='value'} strings. */
final class Conninfo {
  private Conninfo() {}

  static String write(Map<String, String> keywords) {
    StringBuilder text = new StringBuilder();
    keywords.forEach(
        (keyword, value) ->
            text.append(text.isEmpty() ? "" : " ")
                .append(keyword)
                .append('=')
                .append(quote(value)));
    return text.toString();
  }

  private static String quote(String value) {
    boolean plain =
        !value.isEmpty() && value.chars().noneMatch(c -> c <= ' ' || c == '\'' || c == '\\');
    return plain ? value : "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  /** Reads what {@link #write} writes, and any other valid string of this form. */
  static Map<String, String> parse(String text) {
    Map<String, String> found = new LinkedHashMap<>();
    int at = 0;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
        continue;
      }
      int equals = text.indexOf('=', at);
      if (equals < 0) {
        break;
      }
      String keyword = text.substring(at, equals).strip();
      at = equals + 1;
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      boolean quoted = at < text.length() && text.charAt(at) == '\'';
      at += quoted ? 1 : 0;
      StringBuilder value = new StringBuilder();
      while (at < text.length() && !ends(text.charAt(at), quoted)) {
        at += text.charAt(at) == '\\' && at + 1 < text.length() ? 1 : 0;
        value.append(text.charAt(at++));
      }
      at += quoted ? 1 : 0;
      found.put(keyword, value.toString());
    }
    return found;
  }

  private static boolean ends(char c, boolean quoted) {
    return quoted ? c == '\'' : Character.isWhitespace(c);
  }

  static String withoutSecrets(String text) {
    Map<String, String> keywords = new LinkedHashMap<>(parse(text));
    keywords.remove("password");
    keywords.remove("passfile");
    return write(keywords);
  }

  /** What a standby, pg_basebackup or pg_rewind connects with; the password is in the passfile. */
  static Map<String, String> of(Upstream upstream) {
    Map<String, String> keywords = new LinkedHashMap<>();
    keywords.put("user", upstream.user());
    keywords.put("host", upstream.host());
    keywords.put("port", String.valueOf(upstream.port()));
    keywords.put("application_name", upstream.applicationName());
    // Without these a standby hangs for minutes on a host that is gone, and pg_rewind, which only
    // ever waits for answers, for ever.
    keywords.put("connect_timeout", "5");
    keywords.put("keepalives_idle", "5");
    keywords.put("keepalives_interval", "2");
    keywords.put("keepalives_count", "3");
    keywords.put("tcp_user_timeout", "10000");
    keywords.putAll(upstream.options());
    return keywords;
  }
}
