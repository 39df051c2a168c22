using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;

namespace WebhookKit.PostgreSql.WakeUp;

/// <summary>Opens connections of our own, outside every pool: listening lasts as long as its connection.</summary>
internal sealed class WakeUpConnector(IServiceProvider services, IOptions<PostgreSqlWakeUpOptions> options)
{
    public async Task<WakeUpConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await CreateAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            var channel = options.Value.Channel
                ?? WakeUpChannel.OfSchema(await ReadSchemaAsync(connection, cancellationToken).ConfigureAwait(false));
            return new WakeUpConnection(connection, channel);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<string> ReadSchemaAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand("SELECT coalesce(current_schema()::text, '')", connection);
        await using (command.ConfigureAwait(false))
        {
            return (string)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
        }
    }

    private async Task<NpgsqlConnection> CreateAsync(CancellationToken cancellationToken)
    {
        if (options.Value.ConnectionString is { } connectionString)
        {
            return new NpgsqlConnection(OutsideThePool(connectionString));
        }

        var dataSource = options.Value.DataSource ?? services.GetRequiredService<NpgsqlDataSource>();
        var template = dataSource.CreateConnection();
        await using (template.ConfigureAwait(false))
        {
            // The string alone lacks what the data source knows: its password and certificates.
            return await template.CloneWithAsync(OutsideThePool(dataSource.ConnectionString), cancellationToken).ConfigureAwait(false);
        }
    }

    private static string OutsideThePool(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        Pooling = false,
        Multiplexing = false,
        Enlist = false,
        KeepAlive = WakeUpDefaults.KeepAliveSeconds,
    }.ConnectionString;
}
