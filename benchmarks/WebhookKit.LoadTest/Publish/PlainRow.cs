using System.Linq.Expressions;

namespace WebhookKit.LoadTest.Publish;

internal sealed record PlainMessage(
    MessageId Id, string? TenantId, string EventType, string ContentType, byte[] Payload, DateTimeOffset OccurredAt);

internal sealed record PlainOutboxRow(MessageId MessageId, string? TenantId);

internal static class PlainRow
{
    /// <summary>Compiles what makes a row of a type that this program cannot name, as fast as if it could.</summary>
    /// <typeparam name="T">Has the properties to be set, under the same names; the others keep their defaults.</typeparam>
    public static Func<T, object> Compile<T>(Type rowType)
    {
        var values = Expression.Parameter(typeof(T));
        var bindings = typeof(T).GetProperties().Select(value => Expression.Bind(
            rowType.GetProperty(value.Name)
                ?? throw new LoadTestException($"{rowType.Name} has no {value.Name} any more: change the load program with it."),
            Expression.Property(values, value)));
        return Expression.Lambda<Func<T, object>>(Expression.MemberInit(Expression.New(rowType), bindings), values).Compile();
    }
}
