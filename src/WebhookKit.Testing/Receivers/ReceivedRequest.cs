using Microsoft.Extensions.Primitives;
using WebhookKit.Verification;

namespace WebhookKit.Testing;

/// <summary>A request as the <see cref="ScriptedReceiver"/> got it.</summary>
public sealed record ReceivedRequest
{
    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>The path with its query, as the sender wrote it.</summary>
    public required string Path { get; init; }

    /// <summary>The headers; names are compared without regard to case.</summary>
    public required IReadOnlyDictionary<string, StringValues> Headers { get; init; }

    /// <summary>The exact bytes of the body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>When it had been read to its end, by the receiver's clock.</summary>
    public required DateTimeOffset ArrivedAt { get; init; }

    /// <summary>Returns the request in the form that verifiers take.</summary>
    public WebhookRequest ToWebhookRequest() =>
        new(Method, Path, WebhookHeaders.Wrap(Headers.ToDictionary(StringComparer.OrdinalIgnoreCase)), Body);
}
