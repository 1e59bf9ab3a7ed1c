package dev.matriarch.agent.config;

import static java.util.Objects.requireNonNull;

import dev.matriarch.engine.Tags;
import dev.matriarch.etcd.ConfigPatch;

/**
 * A member's tags.
 *
 * @param tags what they mean
 * @param json what is published: a JSON object in the file's order, built-in tags with a false
 *     value left out (drop-in contract, section 4)
 */
public record MemberTags(Tags tags, String json) {
  public static final MemberTags NONE = new MemberTags(Tags.NONE, "{}");

  /** How they are shown while the member asks not to be waited for by commits. */
  public String resigned() {
    return ConfigPatch.merge(json, "{\"nosync\":true,\"sync_priority\":0}");
  }

  public MemberTags {
    requireNonNull(tags, "tags is null");
    requireNonNull(json, "json is null");
  }
}
