namespace WebhookKit.Secrets;

/// <summary>What reading a protected secret came to.</summary>
public enum UnprotectStatus
{
    /// <summary>Nothing was read: the value of a forgotten result.</summary>
    None = 0,

    /// <summary>The secret was read.</summary>
    Readable,

    /// <summary>The secret was read with a key that is no longer the newest: protect it again.</summary>
    ReadableWithOldKey,

    /// <summary>The key that protects it is not there: the keys were lost, or are another application's.</summary>
    KeyMissing,

    /// <summary>The key that protects it was revoked: whoever has that key may know the secret.</summary>
    KeyRevoked,

    /// <summary>The text was changed, or belongs to another owner.</summary>
    NotTheOwners,
}
