namespace WebhookKit.Verification;

/// <summary>How a signed timestamp is written.</summary>
public enum TimestampFormat
{
    /// <summary>Nothing: the value of a forgotten choice.</summary>
    None = 0,

    /// <summary>Unix seconds, digits alone.</summary>
    UnixSeconds,

    /// <summary>Unix milliseconds, digits alone.</summary>
    UnixMilliseconds,

    /// <summary>A date and time with <c>Z</c> or an offset, with up to nine digits of a second's fraction (RFC 3339).</summary>
    Rfc3339,

    /// <summary>The date of HTTP headers (RFC 9110, 5.6.7, the preferred form).</summary>
    HttpDate,
}
