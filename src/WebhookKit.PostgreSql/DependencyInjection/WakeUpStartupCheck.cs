using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using WebhookKit.DependencyInjection;
using WebhookKit.PostgreSql.WakeUp;

namespace WebhookKit.PostgreSql.DependencyInjection;

/// <summary>Reports a missing database and a channel that PostgreSQL would refuse; asks no database.</summary>
internal sealed class WakeUpStartupCheck(IServiceProviderIsService services, IOptions<PostgreSqlWakeUpOptions> options) : IStartupCheck
{
    public IEnumerable<string> GetErrors()
    {
        var chosen = options.Value;
        if (chosen.ConnectionString is { } connectionString)
        {
            if (!IsConnectionString(connectionString))
            {
                // Not quoted: it may hold a password.
                yield return "The connection string of UsePostgreSqlWakeUp is none that Npgsql understands. "
                    + "Give it as for UseNpgsql, for example \"Host=…;Database=…;Username=…\".";
            }
        }
        else if (chosen.DataSource is null && !services.IsService(typeof(NpgsqlDataSource)))
        {
            yield return "UsePostgreSqlWakeUp() has no database. Give it a connection string, set its DataSource, "
                + "or register an NpgsqlDataSource as a service.";
        }

        if (chosen.Channel is { } channel && !WakeUpChannel.IsValid(channel))
        {
            yield return $"PostgreSqlWakeUpOptions.Channel is '{channel}': set it to 1 to {WakeUpDefaults.MaxChannelBytes} bytes "
                + "of UTF-8 without NUL, or to null for one made from the schema.";
        }
    }

    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }
}
