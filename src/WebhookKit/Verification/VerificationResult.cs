namespace WebhookKit.Verification;

/// <summary>What a verifier found; the default value is not a success.</summary>
public readonly struct VerificationResult
{
    private readonly int _keyNumber;

    private VerificationResult(VerificationStatus status, string? id, DateTimeOffset? timestamp, int keyIndex)
    {
        Status = status;
        Id = id;
        Timestamp = timestamp;
        _keyNumber = keyIndex + 1;
    }

    /// <summary>Whether to believe the request, and if not, why.</summary>
    public VerificationStatus Status { get; }

    /// <summary>Whether the request is authentic and fresh.</summary>
    public bool IsVerified => Status == VerificationStatus.Verified;

    /// <summary>The signed id, where the scheme has one; null unless a signature matched.</summary>
    public string? Id { get; }

    /// <summary>The signed timestamp, where the scheme has one; null unless a signature matched.</summary>
    public DateTimeOffset? Timestamp { get; }

    /// <summary>The index of the key that matched, in the order the keys were given, verification keys behind secrets; -1 when none did.</summary>
    public int KeyIndex => _keyNumber - 1;

    /// <summary>An authentic and fresh request.</summary>
    public static VerificationResult Verified(string? id, DateTimeOffset? timestamp, int keyIndex) =>
        new(VerificationStatus.Verified, id, timestamp, keyIndex);

    /// <summary>A signature that matches but is too old or too far ahead.</summary>
    public static VerificationResult OutsideTolerance(string? id, DateTimeOffset timestamp, int keyIndex) =>
        new(VerificationStatus.TimestampOutsideTolerance, id, timestamp, keyIndex);

    /// <summary>A request to refuse.</summary>
    /// <exception cref="ArgumentException">The status is <see cref="VerificationStatus.Verified"/>.</exception>
    public static VerificationResult Refused(VerificationStatus status) => status != VerificationStatus.Verified
        ? new(status, null, null, -1)
        : throw new ArgumentException("A refused request cannot be verified.", nameof(status));

    /// <summary>Returns the status.</summary>
    public override string ToString() => Status.ToString();
}
