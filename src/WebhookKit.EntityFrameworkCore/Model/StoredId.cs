using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using WebhookKit.Deliveries;

namespace WebhookKit.EntityFrameworkCore.Model;

/// <summary>Stores typed ids as 16 big-endian bytes, so that the database orders them as we do.</summary>
/// <remarks>EF's own converter from <see cref="Guid"/> to bytes writes the mixed-endian form, which breaks the order.</remarks>
internal static class StoredId
{
    public static ValueConverter<MessageId, byte[]> Message { get; } = Create(id => id.Value, value => new MessageId(value));

    public static ValueConverter<EndpointId, byte[]> Endpoint { get; } = Create(id => id.Value, value => new EndpointId(value));

    public static ValueConverter<DeliveryId, byte[]> Delivery { get; } = Create(id => id.Value, value => new DeliveryId(value));

    public static ValueConverter<AttemptId, byte[]> Attempt { get; } = Create(id => id.Value, value => new AttemptId(value));

    public static ValueConverter<LeaseId, byte[]> Lease { get; } = Create(id => id.Value, value => new LeaseId(value));

    private static ValueConverter<T, byte[]> Create<T>(Expression<Func<T, Guid>> toGuid, Expression<Func<Guid, T>> fromGuid)
    {
        var id = toGuid.Parameters[0];
        var toBytes = Expression.Lambda<Func<T, byte[]>>(
            Expression.Call(typeof(StoredId), nameof(ToBytes), null, toGuid.Body), id);
        var bytes = Expression.Parameter(typeof(byte[]), "bytes");
        var fromBytes = Expression.Lambda<Func<byte[], T>>(
            Expression.Invoke(fromGuid, Expression.Call(typeof(StoredId), nameof(FromBytes), null, bytes)), bytes);
        return new ValueConverter<T, byte[]>(toBytes, fromBytes);
    }

    private static byte[] ToBytes(Guid value) => value.ToByteArray(bigEndian: true);

    private static Guid FromBytes(byte[] bytes) => new(bytes, bigEndian: true);
}
