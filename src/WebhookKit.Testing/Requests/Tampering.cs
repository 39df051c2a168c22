namespace WebhookKit.Testing;

/// <summary>What an attacker changes in a signed request; a receiver must refuse all but <see cref="None"/>.</summary>
public enum Tampering
{
    /// <summary>Nothing: the request verifies.</summary>
    None = 0,

    /// <summary>One bit of the payload is flipped, or a byte added to an empty one.</summary>
    Payload,

    /// <summary>Another id than was signed.</summary>
    Id,

    /// <summary>A timestamp one second later than was signed.</summary>
    Timestamp,

    /// <summary>One bit of each signature is flipped.</summary>
    Signature,

    /// <summary>No id header.</summary>
    MissingId,

    /// <summary>No timestamp header.</summary>
    MissingTimestamp,

    /// <summary>No signature header.</summary>
    MissingSignature,

    /// <summary>The right signature under a version that no receiver knows.</summary>
    UnknownVersion,

    /// <summary>Rightly signed by a secret that the receiver does not have.</summary>
    OtherSecret,
}
