using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using WebhookKit.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Model;

/// <summary>What all of WebhookKit's tables have in common.</summary>
internal static partial class WebhooksModel
{
    public static bool IsOurs(IReadOnlyTypeBase entityType) => entityType.ClrType.Assembly == typeof(WebhooksModel).Assembly;

    public static void StorePortably(IMutableEntityType entityType)
    {
        // EF finds a property of a type it does not know only where a key or an index names it.
        foreach (var member in entityType.ClrType.GetProperties())
        {
            var property = entityType.FindProperty(member) ?? entityType.AddProperty(member);
            property.SetColumnName(WordStart().Replace(property.Name, "_").ToLowerInvariant());
            var type = Nullable.GetUnderlyingType(property.ClrType) ?? property.ClrType;
            if (type.IsEnum)
            {
                // A host's convention may store its own as text; our filtered indexes compare numbers.
                property.SetProviderClrType(typeof(int));
            }
            else if (GetConverter(type) is { } converter)
            {
                property.SetValueConverter(converter);
            }

            if (property.GetValueConverter()?.ProviderClrType == typeof(byte[]))
            {
                property.SetMaxLength(16);
                property.SetIsFixedLength(true);
            }
        }
    }

    private static ValueConverter? GetConverter(Type type) => type switch
    {
        _ when type == typeof(MessageId) => StoredId.Message,
        _ when type == typeof(EndpointId) => StoredId.Endpoint,
        _ when type == typeof(DeliveryId) => StoredId.Delivery,
        _ when type == typeof(AttemptId) => StoredId.Attempt,
        _ when type == typeof(LeaseId) => StoredId.Lease,
        _ when type == typeof(DateTimeOffset) => StoredInstant.Instant,
        _ when type == typeof(TimeSpan) => StoredInstant.Duration,
        _ => null,
    };

    [GeneratedRegex("(?<=[a-z])(?=[A-Z])", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex WordStart();
}
