using System.Diagnostics;

namespace WebhookKit.Chaos.Nodes;

/// <summary>Ends the process at once when it is to send a payload with the lethal text, as a fault in native code would.</summary>
internal sealed class LethalTextHandler(NodeSettings settings) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var payload = await request.Content!.ReadAsStringAsync(cancellationToken);
        if (payload.Contains(settings.LethalText!, StringComparison.Ordinal))
        {
            using var self = Process.GetCurrentProcess();
            self.Kill();
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
