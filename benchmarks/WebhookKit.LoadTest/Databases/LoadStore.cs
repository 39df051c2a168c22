namespace WebhookKit.LoadTest.Databases;

/// <summary>Makes a fresh store for each measurement.</summary>
internal sealed class LoadStore : IAsyncDisposable
{
    private readonly PostgresServer? _postgres;

    private LoadStore(StoreKind kind, PostgresServer? postgres, string description)
    {
        Kind = kind;
        _postgres = postgres;
        Description = description;
    }

    public StoreKind Kind { get; }

    public string Description { get; }

    public static async Task<LoadStore> StartAsync(StoreKind kind, CancellationToken cancellationToken)
    {
        if (kind != StoreKind.Postgres)
        {
            return new LoadStore(kind, null, kind == StoreKind.Sqlite ? "SQLite, a file in WAL mode" : "memory");
        }

        var postgres = await PostgresServer.StartAsync(cancellationToken);
        return new LoadStore(kind, postgres, await postgres.DescribeAsync(cancellationToken));
    }

    /// <summary>Makes a database; the store in memory has none, for only its own process can see it.</summary>
    public async Task<LoadDatabase?> CreateDatabaseAsync(CancellationToken cancellationToken) => Kind switch
    {
        StoreKind.Postgres => await _postgres!.CreateDatabaseAsync(cancellationToken),
        StoreKind.Sqlite => await SqliteDatabase.CreateAsync(cancellationToken),
        _ => null,
    };

    public ValueTask DisposeAsync() => _postgres?.DisposeAsync() ?? ValueTask.CompletedTask;
}
