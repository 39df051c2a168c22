namespace WebhookKit.Endpoints.Registry;

/// <summary>What is to be written of an endpoint, or why nothing is; what is null stays as it is.</summary>
internal sealed record EndpointEdit(EndpointSettings? Settings, IReadOnlyList<StoredSecret>? Secrets = null, string? ReceiverSecret = null)
{
    public EndpointEdit(EndpointResult refusal)
        : this(Settings: null)
    {
        Refusal = refusal;
    }

    public EndpointResult? Refusal { get; }
}
