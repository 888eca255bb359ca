package dev.onduty.client;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How to reach a server, and how patient to be. An immutable value; it opens nothing.
 *
 * <p>Bounds are checked by {@link Connection#open}, which throws {@link IllegalArgumentException}.
 */
public final class Options {
  private static final Pattern TARGET =
      Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^:/\\s\\[\\]]+):(\\d{1,5})");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]|\\[(0+:){7}0*1]");
  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+");
  private static final Pattern ACTOR =
      Pattern.compile("[\\x21-\\x7e](?:[\\x20-\\x7e]{0,126}[\\x21-\\x7e])?");
  private static final Pattern VISIBLE_OR_SPACE = Pattern.compile("[\\x20-\\x7e]{1,128}");

  private final Builder fields;

  private Options(Builder fields) {
    this.fields = fields;
  }

  /**
   * Begins options for a server.
   *
   * @param target {@code host:port}; an IPv6 address in square brackets
   * @return a builder with the defaults
   */
  public static Builder builder(String target) {
    return new Builder(target);
  }

  /**
   * The server.
   *
   * @return {@code host:port}
   */
  public String target() {
    return fields.target;
  }

  /**
   * The tenant that is sent with every call.
   *
   * @return the tenant; absent: the server's default, or the credential's
   */
  public Optional<String> tenant() {
    return Optional.ofNullable(fields.tenant);
  }

  /**
   * Who acts, as the history names it.
   *
   * @return the actor that is sent with every call; absent: none, or the credential's
   */
  public Optional<String> actor() {
    return Optional.ofNullable(fields.actor);
  }

  /**
   * How the connection is encrypted.
   *
   * @return the TLS options; absent: plain text
   */
  public Optional<Tls> tls() {
    return Optional.ofNullable(fields.tls);
  }

  /**
   * The deadline of every unary call.
   *
   * @return the time from the call's beginning
   */
  public Duration callTimeout() {
    return fields.callTimeout;
  }

  /**
   * How often a quiet stream says that it lives.
   *
   * @return 1-60 s
   */
  public Duration bookmarkInterval() {
    return fields.bookmarkInterval;
  }

  /**
   * After how long without a frame a floor calls nobody available.
   *
   * @return the limit
   */
  public Duration trustLimit() {
    return fields.trustLimit;
  }

  /**
   * The first wait between attempts of a stream.
   *
   * @return the wait, before the random factor
   */
  public Duration backoffInitial() {
    return fields.backoffInitial;
  }

  /**
   * The longest wait between attempts of a stream.
   *
   * @return the wait, before the random factor
   */
  public Duration backoffMax() {
    return fields.backoffMax;
  }

  /**
   * Whether calls that report facts fail at once where the server is not reached.
   *
   * @return false: they wait for it within their deadline
   */
  public boolean factsFailFast() {
    return fields.factsFailFast;
  }

  Optional<Supplier<String>> token() {
    return Optional.ofNullable(fields.token);
  }

  /** The token is asked for anew, so a refused one is no reason to give up. */
  boolean tokenRenews() {
    return fields.token != null && fields.fixedToken == null;
  }

  /** Fails with {@link IllegalArgumentException} where a field is out of its bounds. */
  void check() {
    Matcher target = TARGET.matcher(Objects.requireNonNullElse(fields.target, ""));
    if (!target.matches() || Integer.parseInt(target.group(2)) > 65535) {
      throw new IllegalArgumentException("target must be host:port, not \"" + fields.target + "\"");
    }
    require(
        fields.tenant == null || VISIBLE_OR_SPACE.matcher(fields.tenant).matches(),
        "tenant must be 1-128 characters of printable ASCII");
    require(
        fields.actor == null || ACTOR.matcher(fields.actor).matches(),
        "actor must be 1-128 characters of printable ASCII without blanks around them");
    require(
        fields.fixedToken == null || VISIBLE.matcher(fields.fixedToken).matches(),
        "token must be printable ASCII without spaces");
    require(
        fields.token == null || fields.tls != null || LOOPBACK.matcher(target.group(1)).matches(),
        "a token is not sent over plain text: set tls, or use a loopback address");
    requirePositive(fields.callTimeout, "callTimeout");
    checkBookmarkInterval(fields.bookmarkInterval);
    requirePositive(fields.trustLimit, "trustLimit");
    checkBackoff(fields.backoffInitial, fields.backoffMax);
    tls().ifPresent(Tls::check);
  }

  static void checkBookmarkInterval(Duration value) {
    boolean within =
        value != null
            && value.compareTo(Duration.ofSeconds(1)) >= 0
            && value.compareTo(Duration.ofSeconds(60)) <= 0;
    require(within, "bookmarkInterval must be 1-60 s, not " + value);
  }

  static void checkBackoff(Duration initial, Duration max) {
    requirePositive(initial, "backoffInitial");
    requirePositive(max, "backoffMax");
    require(max.compareTo(initial) >= 0, "backoffMax must not be below backoffInitial");
  }

  static void requirePositive(Duration value, String name) {
    boolean within =
        value != null
            && value.compareTo(Duration.ZERO) > 0
            && value.compareTo(Duration.ofDays(365)) <= 0;
    require(within, name + " must be above 0 and at most a year, not " + value);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** Collects the fields of {@link Options}. */
  public static final class Builder {
    private final String target;
    private String tenant;
    private String actor;
    private Supplier<String> token;
    private String fixedToken;
    private Tls tls;
    private Duration callTimeout = Duration.ofSeconds(5);
    private Duration bookmarkInterval = Duration.ofSeconds(5);
    private Duration trustLimit = Duration.ofSeconds(30);
    private Duration backoffInitial = Duration.ofMillis(200);
    private Duration backoffMax = Duration.ofSeconds(10);
    private boolean factsFailFast;

    private Builder(String target) {
      this.target = target;
    }

    private Builder(Builder other) {
      this.target = other.target;
      this.tenant = other.tenant;
      this.actor = other.actor;
      this.token = other.token;
      this.fixedToken = other.fixedToken;
      this.tls = other.tls;
      this.callTimeout = other.callTimeout;
      this.bookmarkInterval = other.bookmarkInterval;
      this.trustLimit = other.trustLimit;
      this.backoffInitial = other.backoffInitial;
      this.backoffMax = other.backoffMax;
      this.factsFailFast = other.factsFailFast;
    }

    /**
     * Sets the tenant. Default: none.
     *
     * @param value sent as {@code onduty-tenant}
     * @return this builder
     */
    public Builder tenant(String value) {
      tenant = value;
      return this;
    }

    /**
     * Sets who acts. Default: none.
     *
     * @param value sent as {@code onduty-actor}, which the history names; 1-128 characters of
     *     printable ASCII without blanks around them
     * @return this builder
     */
    public Builder actor(String value) {
      actor = value;
      return this;
    }

    /**
     * Sets a bearer token that stays the same. Default: none.
     *
     * @param value the token; over plain text on loopback addresses only
     * @return this builder
     */
    public Builder token(String value) {
      fixedToken = value;
      token = value == null ? null : () -> value;
      return this;
    }

    /**
     * Sets what gives the present bearer token.
     *
     * @param source asked for every call and every stream, whose thread waits for it as long as a
     *     call may take; what it throws fails the call as UNAUTHENTICATED
     * @return this builder
     */
    public Builder token(Supplier<String> source) {
      fixedToken = null;
      token = source;
      return this;
    }

    /**
     * Encrypts the connection. Default: plain text.
     *
     * @param value the TLS options
     * @return this builder
     */
    public Builder tls(Tls value) {
      tls = value;
      return this;
    }

    /**
     * Sets the deadline of every unary call. Default: 5 s.
     *
     * @param value above 0
     * @return this builder
     */
    public Builder callTimeout(Duration value) {
      callTimeout = value;
      return this;
    }

    /**
     * Sets how often a quiet stream says that it lives. Default: 5 s.
     *
     * @param value 1-60 s
     * @return this builder
     */
    public Builder bookmarkInterval(Duration value) {
      bookmarkInterval = value;
      return this;
    }

    /**
     * Sets after how long without a frame a floor calls nobody available. Default: 30 s.
     *
     * @param value above 0
     * @return this builder
     */
    public Builder trustLimit(Duration value) {
      trustLimit = value;
      return this;
    }

    /**
     * Sets the first wait between attempts of a stream; it doubles. Default: 0.2 s.
     *
     * @param value above 0
     * @return this builder
     */
    public Builder backoffInitial(Duration value) {
      backoffInitial = value;
      return this;
    }

    /**
     * Sets the longest wait between attempts of a stream. Default: 10 s.
     *
     * @param value not below {@code backoffInitial}
     * @return this builder
     */
    public Builder backoffMax(Duration value) {
      backoffMax = value;
      return this;
    }

    /**
     * Lets calls that report facts fail at once where the server is not reached. Default: they wait
     * for it within their deadline.
     *
     * @param value whether they fail
     * @return this builder
     */
    public Builder factsFailFast(boolean value) {
      factsFailFast = value;
      return this;
    }

    /**
     * Makes the options. Nothing is checked yet.
     *
     * @return the options; later changes of this builder do not reach them
     */
    public Options build() {
      return new Options(new Builder(this));
    }
  }
}
