using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Outbox;

/// <summary>Finds the statements of the database's dialect, once a context can say which it is.</summary>
internal sealed class OutboxStatements(IServiceProvider services, StoreDatabase database)
{
    private IOutboxStatements? _current;

    public IOutboxStatements Current => _current ??= database.Dialect switch
    {
        Dialect.PostgreSql => ActivatorUtilities.CreateInstance<PostgreSqlOutboxStatements>(services),
        _ => ActivatorUtilities.CreateInstance<PortableOutboxStatements>(services),
    };
}
