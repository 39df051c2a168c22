using Npgsql;

namespace WebhookKit.PostgreSql.WakeUp;

/// <summary>One open connection that listens or notifies on the nodes' channel.</summary>
internal sealed class WakeUpConnection(NpgsqlConnection connection, string channel) : IAsyncDisposable
{
    /// <summary>Calls with the payload of every notification that <see cref="WaitAsync"/> receives, ours included.</summary>
    public async Task ListenAsync(Action<string> notified, CancellationToken cancellationToken)
    {
        connection.Notification += (_, notification) => notified(notification.Payload);
        var command = new NpgsqlCommand($"LISTEN {WakeUpChannel.Quote(channel)}", connection);
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for the next notification.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => connection.WaitAsync(cancellationToken);

    public async Task NotifyAsync(string payload, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection)
        {
            Parameters = { new() { Value = channel }, new() { Value = payload } },
        };
        await using (command.ConfigureAwait(false))
        {
            await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
