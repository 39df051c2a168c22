namespace WebhookKit.Chaos.Nodes;

/// <summary>Tells the receiver which node sends.</summary>
internal sealed class NodeHeaderHandler(NodeSettings settings) : DelegatingHandler
{
    public const string Header = "chaos-node";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.TryAddWithoutValidation(Header, settings.Name);
        return base.SendAsync(request, cancellationToken);
    }
}
