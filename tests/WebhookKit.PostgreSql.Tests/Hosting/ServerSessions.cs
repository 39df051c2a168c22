using Npgsql;

namespace WebhookKit.PostgreSql.Tests.Hosting;

/// <summary>What the server knows of a node's connections.</summary>
internal static class ServerSessions
{
    /// <summary>The last statement of each connection of the node.</summary>
    public static async Task<List<string>> ReadAsync(string connectionString, string node)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var command = dataSource.CreateCommand("SELECT query FROM pg_stat_activity WHERE application_name = $1");
        command.Parameters.Add(new() { Value = node });
        await using var reader = await command.ExecuteReaderAsync();
        var statements = new List<string>();
        while (await reader.ReadAsync())
        {
            statements.Add(reader.GetString(0));
        }

        return statements;
    }

    /// <summary>How many nodes listen on the channel of the connection's schema.</summary>
    public static async Task<long> CountListenersAsync(string connectionString)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var command = dataSource.CreateCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE query = format('LISTEN \"webhookkit_%s\"', current_schema())");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Ends every connection of the node from the server's side.</summary>
    public static async Task TerminateAsync(string connectionString, string node)
    {
        await using var dataSource = NpgsqlDataSource.Create(connectionString);
        await using var command = dataSource.CreateCommand(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = $1");
        command.Parameters.Add(new() { Value = node });
        Assert.True((long)(await command.ExecuteScalarAsync())! > 0, $"{node} had no connection to terminate.");
    }
}
