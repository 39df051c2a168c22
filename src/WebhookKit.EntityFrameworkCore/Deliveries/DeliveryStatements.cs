using Microsoft.Extensions.DependencyInjection;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Deliveries;

/// <summary>Finds the statements of the database's dialect, once a context can say which it is.</summary>
internal sealed class DeliveryStatements(IServiceProvider services, StoreDatabase database)
{
    private IDeliveryStatements? _current;

    public IDeliveryStatements Current => _current ??= database.Dialect switch
    {
        Dialect.PostgreSql => ActivatorUtilities.CreateInstance<PostgreSqlDeliveryStatements>(services, new LeaseFloors()),
        Dialect.Sqlite => ActivatorUtilities.CreateInstance<SqliteDeliveryStatements>(services),
        _ => ActivatorUtilities.CreateInstance<PortableDeliveryStatements>(services),
    };
}
