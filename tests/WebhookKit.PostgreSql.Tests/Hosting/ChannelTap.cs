using System.Collections.Concurrent;
using Npgsql;

namespace WebhookKit.PostgreSql.Tests.Hosting;

/// <summary>Listens on a channel as any client of the database may, and keeps every notification.</summary>
internal sealed class ChannelTap : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<NpgsqlNotificationEventArgs> _notifications = [];
    private readonly NpgsqlConnection _connection;
    private Task _listening = Task.CompletedTask;

    private ChannelTap(string connectionString)
    {
        _connection = new NpgsqlConnection(connectionString);
        _connection.Notification += (_, notification) => _notifications.Enqueue(notification);
    }

    public IReadOnlyCollection<NpgsqlNotificationEventArgs> Notifications => _notifications;

    /// <param name="connectionString">The database.</param>
    /// <param name="channel">Its name; that of the connection's schema when omitted.</param>
    public static async Task<ChannelTap> StartAsync(string connectionString, string? channel = null)
    {
        var tap = new ChannelTap(connectionString);
        await tap._connection.OpenAsync();
        await using (var command = new NpgsqlCommand(
            $"LISTEN \"{channel ?? "webhookkit_" + new NpgsqlConnectionStringBuilder(connectionString).SearchPath}\"", tap._connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        tap._listening = tap.ListenAsync();
        return tap;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _connection.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task ListenAsync()
    {
        while (true)
        {
            await _connection.WaitAsync(_stopping.Token);
        }
    }
}
