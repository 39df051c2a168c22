using System.Data.Common;
using WebhookKit.EntityFrameworkCore.Model;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Values as the model's converters store them on SQLite.</summary>
internal static class SqliteValues
{
    public static byte[] Stored(this Guid id) => StoredId.ToBytes(id);

    public static long Stored(this DateTimeOffset instant) => StoredInstant.ToMicroseconds(instant);

    public static long Stored(this TimeSpan duration) => StoredInstant.ToMicroseconds(duration);

    public static Guid GetStoredId(this DbDataReader reader, int ordinal) =>
        StoredId.FromBytes(reader.GetFieldValue<byte[]>(ordinal));

    public static DateTimeOffset GetStoredInstant(this DbDataReader reader, int ordinal) =>
        StoredInstant.FromMicroseconds(reader.GetInt64(ordinal));

    public static DateTimeOffset? GetStoredInstantOrNull(this DbDataReader reader, int ordinal) =>
        reader.IsDBNull(ordinal) ? null : reader.GetStoredInstant(ordinal);
}
