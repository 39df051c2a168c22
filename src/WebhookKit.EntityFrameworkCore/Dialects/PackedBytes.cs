namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>A column of <see cref="PackedRows"/> whose values have lengths of their own, or are null.</summary>
internal readonly struct PackedBytes
{
    private const long Null = -1;

    private PackedBytes(byte[] content, object starts, object lengths)
    {
        Content = content;
        Starts = starts;
        Lengths = lengths;
    }

    public byte[] Content { get; }

    public object Starts { get; }

    public object Lengths { get; }

    /// <summary>Writes the value of row <c>n</c>; the parameter has two companions, <c>_start</c> and <c>_length</c>.</summary>
    public static string Value(string parameter)
    {
        var (start, length) = (PackedRows.Number(parameter + "_start"), PackedRows.Number(parameter + "_length"));
        return $"CASE WHEN {length} >= 0 THEN substr({parameter}, {start}, {length}) END";
    }

    public static PackedBytes Of<T>(IReadOnlyList<T> rows, Func<T, ReadOnlyMemory<byte>?> value)
    {
        var places = new (long Start, long Length)[rows.Count];
        using var content = new MemoryStream();

        // Of an empty blob SQLite cuts null, even where nothing is asked for.
        content.WriteByte(0);
        for (var n = 0; n < rows.Count; n++)
        {
            var bytes = value(rows[n]);
            places[n] = (content.Length + 1, bytes?.Length ?? Null);
            content.Write((bytes ?? default).Span);
        }

        return new PackedBytes(
            content.ToArray(), PackedRows.Numbers(places, place => place.Start), PackedRows.Numbers(places, place => place.Length));
    }
}
