using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace WebhookKit.Sender.Tests.NetworkSafety;

/// <summary>A proxy that the environment of this whole test process names, and that the sender must never call.</summary>
internal static class ProxyTrap
{
    private static readonly TcpListener Listener = new(IPAddress.Loopback, 0);
    private static readonly ConcurrentQueue<string> Lines = [];

    /// <summary>The first line of every request that came here.</summary>
    public static IReadOnlyCollection<string> Requests => Lines.ToArray();

    public static Uri Url { get; private set; } = null!;

    // The framework reads the variables once, so that they have to be there before its first client.
    [ModuleInitializer]
    internal static void Set()
    {
        Listener.Start();
        Url = new Uri($"http://{Listener.LocalEndpoint}");
        foreach (var name in new[] { "http_proxy", "https_proxy", "all_proxy" })
        {
            Environment.SetEnvironmentVariable(name, Url.ToString());
            Environment.SetEnvironmentVariable(name.ToUpperInvariant(), Url.ToString());
        }

        Environment.SetEnvironmentVariable("no_proxy", null);
        Environment.SetEnvironmentVariable("NO_PROXY", null);
        _ = AcceptAsync();
    }

    private static async Task AcceptAsync()
    {
        while (true)
        {
            using var client = await Listener.AcceptTcpClientAsync();
            try
            {
                using var reader = new StreamReader(client.GetStream());
                Lines.Enqueue(await reader.ReadLineAsync() ?? "");
                await client.GetStream().WriteAsync("HTTP/1.1 502 Trapped\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
            }
            catch (IOException)
            {
            }
        }
    }
}
