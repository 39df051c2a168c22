using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using WebhookKit.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Model;

/// <summary>Stores typed ids so that the database orders them as we do: PostgreSQL as <c>uuid</c>, others as 16 big-endian bytes.</summary>
/// <remarks>EF's own converter from <see cref="Guid"/> to bytes writes the mixed-endian form, which breaks the order.</remarks>
internal static class StoredId
{
    private static readonly Dictionary<Type, (ValueConverter Uuid, ValueConverter Bytes)> Converters = new()
    {
        [typeof(MessageId)] = Create(id => id.Value, value => new MessageId(value)),
        [typeof(EndpointId)] = Create(id => id.Value, value => new EndpointId(value)),
        [typeof(DeliveryId)] = Create(id => id.Value, value => new DeliveryId(value)),
        [typeof(RedeliveryId)] = Create(id => id.Value, value => new RedeliveryId(value)),
        [typeof(AttemptId)] = Create(id => id.Value, value => new AttemptId(value)),
        [typeof(LeaseId)] = Create(id => id.Value, value => new LeaseId(value)),
    };

    public static ValueConverter? Find(Type type, bool asUuid) =>
        Converters.TryGetValue(type, out var converters) ? asUuid ? converters.Uuid : converters.Bytes : null;

    private static (ValueConverter Uuid, ValueConverter Bytes) Create<T>(
        Expression<Func<T, Guid>> toGuid, Expression<Func<Guid, T>> fromGuid)
    {
        var id = toGuid.Parameters[0];
        var toBytes = Expression.Lambda<Func<T, byte[]>>(
            Expression.Call(typeof(StoredId), nameof(ToBytes), null, toGuid.Body), id);
        var bytes = Expression.Parameter(typeof(byte[]), "bytes");
        var fromBytes = Expression.Lambda<Func<byte[], T>>(
            Expression.Invoke(fromGuid, Expression.Call(typeof(StoredId), nameof(FromBytes), null, bytes)), bytes);
        return (new ValueConverter<T, Guid>(toGuid, fromGuid), new ValueConverter<T, byte[]>(toBytes, fromBytes));
    }

    public static byte[] ToBytes(Guid value) => value.ToByteArray(bigEndian: true);

    /// <summary>Writes the 16 bytes to where they belong.</summary>
    public static void Write(Guid value, Span<byte> bytes) => value.TryWriteBytes(bytes, bigEndian: true, out _);

    public static Guid FromBytes(byte[] bytes) => new(bytes, bigEndian: true);
}
