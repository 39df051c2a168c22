using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace WebhookKit.EntityFrameworkCore.Tests.Postgres;

/// <summary>A schema of its own for one test: a database of its own would take several times as long.</summary>
internal sealed class PostgresSchema : IAsyncDisposable
{
    private readonly string _name = $"test_{Guid.NewGuid():N}";

    private PostgresSchema(string server)
    {
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { SearchPath = _name, IncludeErrorDetail = true }.ConnectionString;
    }

    public string ConnectionString { get; }

    public static async Task<PostgresSchema> CreateAsync()
    {
        var schema = new PostgresSchema(await PostgresServer.GetConnectionStringAsync());
        await schema.ExecuteAsync($"CREATE SCHEMA {schema._name}");
        return schema;
    }

    public static Task CreateTablesAsync(DbContext context) =>
        context.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();

    public async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"DROP SCHEMA {_name} CASCADE");
        await using var connection = new NpgsqlConnection(ConnectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
