namespace WebhookKit.Endpoints;

/// <summary>What a stored secret is for.</summary>
public enum StoredSecretPurpose
{
    /// <summary>Of no endpoint: shows at start whether what is stored can still be read.</summary>
    Canary = 0,

    /// <summary>Signs.</summary>
    Signing = 1,

    /// <summary>The value of a custom header.</summary>
    Header = 2,

    /// <summary>An <see cref="EndpointAuthorization"/> with all that belongs to it.</summary>
    Authorization = 3,
}
