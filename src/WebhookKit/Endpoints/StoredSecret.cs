using WebhookKit.Secrets;

namespace WebhookKit.Endpoints;

/// <summary>A secret of an endpoint as a store keeps it.</summary>
public sealed record StoredSecret
{
    /// <summary>What it is for.</summary>
    public required StoredSecretPurpose Purpose { get; init; }

    /// <summary>Tells those of one endpoint and purpose apart.</summary>
    public required int Number { get; init; }

    /// <summary>The header's name, for <see cref="StoredSecretPurpose.Header"/>; the kind, for <see cref="StoredSecretPurpose.Authorization"/>.</summary>
    public string? Name { get; init; }

    /// <summary>The text of a <see cref="ProtectedSecret"/>, or the secret itself where the host allows plain text.</summary>
    public required string Value { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops signing, by the clock of the host's processes.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Whether it was told that it is about to expire, so that it is told once over all nodes.</summary>
    public bool IsExpiryTold { get; init; }

    /// <summary>The id of the key that protects it, or <see langword="null"/> for plain text.</summary>
    public string? KeyId => ProtectedSecret.TryParse(Value, out var secret) ? secret.KeyId : null;

    /// <summary>Returns purpose and number, and nothing of the value.</summary>
    public override string ToString() => $"{Purpose} {Number}";
}
