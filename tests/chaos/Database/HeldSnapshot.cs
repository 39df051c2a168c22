using System.Data;
using Npgsql;

namespace WebhookKit.Chaos.Database;

/// <summary>A transaction that sees the database as it was when it began, and so keeps every dead row since.</summary>
internal sealed class HeldSnapshot : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;

    private HeldSnapshot(NpgsqlConnection connection)
    {
        _connection = connection;
    }

    public static async Task<HeldSnapshot> TakeAsync(NpgsqlConnection connection)
    {
        var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead);
        await using var command = new NpgsqlCommand("select count(*) from chaos_orders", connection, transaction);
        await command.ExecuteScalarAsync();
        return new HeldSnapshot(connection);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.DisposeAsync();
        }
        catch (NpgsqlException)
        {
            // The server has crashed meanwhile.
        }
    }
}
