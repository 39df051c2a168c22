using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using WebhookKit.Endpoints;
using WebhookKit.Identifiers;
using WebhookKit.Sending;

namespace WebhookKit.Sender.Tests.Sending;

/// <summary>Makes single attempts with the sender as a host gets it.</summary>
internal static class Attempting
{
    private static readonly IdGenerator Ids = new(TimeProvider.System);

    public static WebhookMessage Message(byte[]? payload = null) => new()
    {
        Id = Ids.NewMessageId(),
        EventType = "order.paid",
        Payload = payload ?? "{}"u8.ToArray(),
        OccurredAt = DateTimeOffset.UnixEpoch,
    };

    /// <summary>Takes a loopback port that refuses connections, and that nobody else gets until it is disposed.</summary>
    public static Socket ReservePort()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return socket;
    }

    /// <summary>Builds the services of a sender that may call this machine, with all the time in the world.</summary>
    public static ServiceProvider Build(Action<SenderOptions>? configure = null, Action<IServiceCollection>? register = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        register?.Invoke(services);
        services.AddWebhooks().AddSender(sender =>
        {
            sender.Configure(options =>
            {
                (options.AllowInsecureEndpoints, options.AllowLoopback) = (true, true);
                (options.AttemptTimeout, options.ConnectTimeout) = (TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(1));
                configure?.Invoke(options);
            });
            sender.AddEndpoint("test", "https://example.com/", endpoint =>
            {
                endpoint.EventTypes.Add("*");
                endpoint.Secrets.Add(WebhookSecret.Generate().Reveal());
            });
        });
        return services.BuildServiceProvider();
    }

    /// <summary>Attempts at a URL that no validation has seen, as one that another deployment has stored.</summary>
    public static ValueTask<AttemptResult> SendAsync(this IServiceProvider services, string url, WebhookMessage? message = null)
    {
        var endpoint = services.GetRequiredService<DeclaredEndpoints>().All.Single() with { Url = url };
        return services.GetRequiredService<AttemptSender>().SendAsync(endpoint, message ?? Message(), default);
    }

    public static async Task<AttemptResult> SendAsync(string url, Action<SenderOptions>? configure = null)
    {
        await using var services = Build(configure);
        return await services.SendAsync(url);
    }
}
