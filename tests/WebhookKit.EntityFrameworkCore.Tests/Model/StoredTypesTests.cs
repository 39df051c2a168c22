using Microsoft.EntityFrameworkCore;
using WebhookKit.EntityFrameworkCore.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Tests.Model;

/// <summary>The database of the context decides how ids and instants are stored; no connection is opened.</summary>
public sealed class StoredTypesTests
{
    [Fact]
    public void AddWebhooks_Npgsql_StoresUuidAndTimestamp() =>
        Assert.Equal(("uuid", "timestamp with time zone", "bigint"), GetTypes(options => options.UseNpgsql("Host=nowhere")));

    [Fact]
    public void AddWebhooks_Sqlite_StoresBytesAndMicroseconds() =>
        Assert.Equal(("BLOB", "INTEGER", "INTEGER"), GetTypes(options => options.UseSqlite("Data Source=:memory:")));

    private static (string Id, string Instant, string Duration) GetTypes(Action<DbContextOptionsBuilder<TypesContext>> configure)
    {
        var options = new DbContextOptionsBuilder<TypesContext>();
        configure(options);
        using var context = new TypesContext(options.Options);
        var attempt = context.Model.FindEntityType(typeof(AttemptEntity))!;
        return (TypeOf(nameof(AttemptEntity.Id)), TypeOf(nameof(AttemptEntity.StartedAt)), TypeOf(nameof(AttemptEntity.Duration)));

        string TypeOf(string property) => attempt.FindProperty(property)!.GetColumnType();
    }

    private sealed class TypesContext(DbContextOptions<TypesContext> options) : DbContext(options)
    {
        protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddWebhooks();
    }
}
