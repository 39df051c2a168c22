using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace QuickStart;

/// <summary>What both hosts have in common.</summary>
public static class Host
{
    public static WebApplicationBuilder CreateBuilder(string url)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        return builder;
    }

    public static async Task CreateDatabaseAsync<TContext>(WebApplication app)
        where TContext : DbContext
    {
        await using var scope = app.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TContext>().Database.EnsureCreatedAsync();
    }
}

public static class FreePort
{
    /// <summary>Finds a port that is free now; nobody listens on it until a host starts there.</summary>
    public static string Url()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return $"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}";
    }
}

public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>Reads again and again until there is something, or patience ends.</summary>
    public static async Task<T?> ReadAsync<T>(Func<Task<T?>> read)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!patience.IsCancellationRequested)
        {
            if (await read() is { } found)
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        return null;
    }
}

/// <summary>A folder of its own for the two databases.</summary>
public sealed class StoryFolder(bool keep) : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("webhookkit-quickstart-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        if (!keep)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
