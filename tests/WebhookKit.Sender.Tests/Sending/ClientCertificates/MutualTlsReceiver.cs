using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;

namespace WebhookKit.Sender.Tests.Sending.ClientCertificates;

/// <summary>A real server that asks for a client certificate in the handshake, takes any, and records whose came on which connection.</summary>
internal sealed class MutualTlsReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MutualTlsReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<(string Path, string? Thumbprint, string Connection)> Requests { get; } = [];

    public string Url { get; private set; } = "";

    public static async Task<MutualTlsReceiver> StartAsync(ClientCertificateMode mode)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https =>
        {
            https.ServerCertificate = TestCertificates.Good;
            https.ClientCertificateMode = mode;
            https.AllowAnyClientCertificate();
            https.HandshakeTimeout = TimeSpan.FromMinutes(1);
        })));
        var receiver = new MutualTlsReceiver(builder.Build());
        receiver._app.Run(context =>
        {
            receiver.Requests.Enqueue((context.Request.Path, context.Connection.ClientCertificate?.Thumbprint, context.Connection.Id));
            return Task.CompletedTask;
        });
        await receiver._app.StartAsync();
        receiver.Url = receiver._app.Urls.Single();
        return receiver;
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
    }
}
