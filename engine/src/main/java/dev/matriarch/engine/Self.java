package dev.matriarch.engine;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Who this member is.
 *
 * @param name its member name
 * @param connUrl where its server listens
 * @param apiUrl its REST address
 * @param tags its limits and preferences
 * @param version its agent's version
 * @param mayBootstrap it may make the cluster's first data: the declared primary, or anyone where
 *     nothing is declared
 * @param startedAt monotonic time at which its agent started
 * @param leasedUntil until when the agent before it had proof of the lease, as it wrote down;
 *     {@code startedAt} when nothing is known
 * @param proxyUrl where a proxy in front of its server listens; empty for none
 * @param promise what the agent before it promised, as it wrote down
 * @param resignedTags how its tags are shown while it asks not to be waited for
 * @param watchdogFailed it must not lead without a watchdog, and has none that works
 * @param restoresAlone an operator's program can make its data while nobody leads
 * @param startedPaused the cluster was paused, as the agent before it last heard
 */
public record Self(
    String name,
    String connUrl,
    String apiUrl,
    Tags tags,
    String version,
    boolean mayBootstrap,
    Instant startedAt,
    Instant leasedUntil,
    String proxyUrl,
    Promise promise,
    String resignedTags,
    boolean watchdogFailed,
    boolean restoresAlone,
    boolean startedPaused) {
  public Self {
    requireNonNull(name, "name is null");
    requireNonNull(connUrl, "connUrl is null");
    requireNonNull(apiUrl, "apiUrl is null");
    requireNonNull(tags, "tags is null");
    requireNonNull(version, "version is null");
    requireNonNull(startedAt, "startedAt is null");
    requireNonNull(leasedUntil, "leasedUntil is null");
    requireNonNull(proxyUrl, "proxyUrl is null");
    requireNonNull(promise, "promise is null");
    requireNonNull(resignedTags, "resignedTags is null");
  }

  /** A member without limits, whose agent before left no proof of a lease. */
  public static Self of(String name, String connUrl, String apiUrl, Instant startedAt) {
    return new Self(
        name,
        connUrl,
        apiUrl,
        Tags.NONE,
        "",
        true,
        startedAt,
        startedAt,
        "",
        Promise.NONE,
        "",
        false,
        false,
        false);
  }

  /** Its tags, or those by which it asks the leader not to wait for it any more. */
  Tags tags(boolean resigned) {
    return resigned
        ? tags.toBuilder().nosync(true).syncPriority(0).shown(resignedTags).build()
        : tags;
  }

  /** The same with changes. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** What a new Self is made of; not for several threads. */
  public static final class Builder {
    private String name;
    private String connUrl;
    private String apiUrl;
    private Tags tags;
    private String version;
    private boolean mayBootstrap;
    private Instant startedAt;
    private Instant leasedUntil;
    private String proxyUrl;
    private Promise promise;
    private String resignedTags;
    private boolean watchdogFailed;
    private boolean restoresAlone;
    private boolean startedPaused;

    private Builder(Self from) {
      this.name = from.name;
      this.connUrl = from.connUrl;
      this.apiUrl = from.apiUrl;
      this.tags = from.tags;
      this.version = from.version;
      this.mayBootstrap = from.mayBootstrap;
      this.startedAt = from.startedAt;
      this.leasedUntil = from.leasedUntil;
      this.proxyUrl = from.proxyUrl;
      this.promise = from.promise;
      this.resignedTags = from.resignedTags;
      this.watchdogFailed = from.watchdogFailed;
      this.restoresAlone = from.restoresAlone;
      this.startedPaused = from.startedPaused;
    }

    public Builder name(String value) {
      name = value;
      return this;
    }

    public Builder connUrl(String value) {
      connUrl = value;
      return this;
    }

    public Builder apiUrl(String value) {
      apiUrl = value;
      return this;
    }

    public Builder tags(Tags value) {
      tags = value;
      return this;
    }

    public Builder version(String value) {
      version = value;
      return this;
    }

    public Builder mayBootstrap(boolean value) {
      mayBootstrap = value;
      return this;
    }

    public Builder startedAt(Instant value) {
      startedAt = value;
      return this;
    }

    public Builder leasedUntil(Instant value) {
      leasedUntil = value;
      return this;
    }

    public Builder proxyUrl(String value) {
      proxyUrl = value;
      return this;
    }

    public Builder promise(Promise value) {
      promise = value;
      return this;
    }

    public Builder resignedTags(String value) {
      resignedTags = value;
      return this;
    }

    public Builder watchdogFailed(boolean value) {
      watchdogFailed = value;
      return this;
    }

    public Builder restoresAlone(boolean value) {
      restoresAlone = value;
      return this;
    }

    public Builder startedPaused(boolean value) {
      startedPaused = value;
      return this;
    }

    public Self build() {
      return new Self(
          name,
          connUrl,
          apiUrl,
          tags,
          version,
          mayBootstrap,
          startedAt,
          leasedUntil,
          proxyUrl,
          promise,
          resignedTags,
          watchdogFailed,
          restoresAlone,
          startedPaused);
    }
  }
}
