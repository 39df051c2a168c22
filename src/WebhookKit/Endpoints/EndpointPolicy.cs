using System.Diagnostics.CodeAnalysis;
using WebhookKit.Endpoints.Internal;
using WebhookKit.Retry;

namespace WebhookKit;

/// <summary>How an endpoint is sent to; what it leaves open is its tenant's policy to say, and then the sender's options.</summary>
public sealed record EndpointPolicy
{
    /// <summary>A policy that leaves everything open.</summary>
    public static EndpointPolicy Default { get; } = new();

    /// <summary>The delays between the attempts of a delivery.</summary>
    /// <value>Default: <see langword="null"/>, left open.</value>
    public RetrySchedule? RetrySchedule { get; init; }

    /// <summary>The deadline of one attempt over connecting, sending and reading the response.</summary>
    /// <value>Default: <see langword="null"/>, left open. More than zero, and at most what the sender's options say: leases are counted by that.</value>
    public TimeSpan? AttemptTimeout { get; init; }

    /// <summary>The most attempts one process makes at once.</summary>
    /// <value>Default: <see langword="null"/>, left open.</value>
    public int? MaxInFlight { get; init; }

    /// <summary>The most requests it gets in a period, from all processes together: <c>EndpointRate.PerSecond(50)</c>.</summary>
    /// <value>Default: <see langword="null"/>, left open; as many as it bears where nobody says otherwise.</value>
    public EndpointRate? Rate { get; init; }

    /// <summary>The name of the certificate that the endpoint is shown in the TLS handshake, as <c>AddClientCertificate</c> or the host's own source knows it.</summary>
    /// <value>Default: <see langword="null"/>, left open; none where nobody says otherwise.</value>
    public string? ClientCertificate { get; init; }

    /// <summary>The name of the format that payloads are rendered in, as <c>AddPayloadFormat</c> knows it; for what is published from then on.</summary>
    /// <value>Default: <see langword="null"/>, left open; payloads are sent as they were published where nobody says otherwise.</value>
    public string? PayloadFormat { get; init; }

    /// <summary>The name of the scheme that signs, such as <c>stripe</c>; see <see cref="SignatureSchemes"/>.</summary>
    /// <value>Default: <see langword="null"/>, left open; Standard Webhooks where nobody says otherwise.</value>
    public string? SignatureScheme { get; init; }

    /// <summary>What the names of the signature's headers begin with: <c>acme</c> makes <c>acme-signature</c>.</summary>
    /// <value>Default: <see langword="null"/>, left open; the scheme's own where nobody says otherwise.</value>
    public string? SignatureHeaderPrefix { get; init; }

    /// <summary>Returns this policy with what it leaves open taken from another.</summary>
    /// <param name="other">The policy of the tenant, or the default; <see langword="null"/> adds nothing.</param>
    public EndpointPolicy Over(EndpointPolicy? other) => other is null ? this : this with
    {
        RetrySchedule = RetrySchedule ?? other.RetrySchedule,
        AttemptTimeout = AttemptTimeout ?? other.AttemptTimeout,
        MaxInFlight = MaxInFlight ?? other.MaxInFlight,
        Rate = Rate ?? other.Rate,
        ClientCertificate = ClientCertificate ?? other.ClientCertificate,
        PayloadFormat = PayloadFormat ?? other.PayloadFormat,
        SignatureScheme = SignatureScheme ?? other.SignatureScheme,
        SignatureHeaderPrefix = SignatureHeaderPrefix ?? other.SignatureHeaderPrefix,
    };

    /// <summary>Writes the form that stores keep: a JSON object of what the policy says.</summary>
    public string ToJson() => PolicyJson.Write(this);

    /// <summary>Reads the form of <see cref="ToJson"/>; members that it does not know are left out.</summary>
    public static bool TryParse([NotNullWhen(true)] string? json, [NotNullWhen(true)] out EndpointPolicy? policy) =>
        PolicyJson.TryRead(json, out policy);
}
