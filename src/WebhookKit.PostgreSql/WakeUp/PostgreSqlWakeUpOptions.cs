using Npgsql;

namespace WebhookKit;

/// <summary>How nodes wake each other through PostgreSQL.</summary>
public sealed class PostgreSqlWakeUpOptions
{
    /// <summary>The database that the nodes share.</summary>
    /// <value>Default: <see langword="null"/>, which takes <see cref="DataSource"/>.</value>
    /// <remarks>
    /// Name the server itself, not a proxy that pools transactions: <c>LISTEN</c> belongs to a connection. Pooling and
    /// keep-alive are set by WebhookKit.
    /// </remarks>
    public string? ConnectionString { get; set; }

    /// <summary>Where the connection takes address, password and certificates from, unless <see cref="ConnectionString"/> is set.</summary>
    /// <value>Default: <see langword="null"/>, which takes the <see cref="NpgsqlDataSource"/> among the application's services.</value>
    /// <remarks>The connections opened are not of its pool.</remarks>
    public NpgsqlDataSource? DataSource { get; set; }

    /// <summary>The name that the nodes of one application listen on, at most 63 bytes in UTF-8.</summary>
    /// <value>
    /// Default: <see langword="null"/>, which makes it from the connection's current schema: two applications with
    /// schemas of their own in one database do not wake each other. It never leaves the database.
    /// </value>
    public string? Channel { get; set; }
}
