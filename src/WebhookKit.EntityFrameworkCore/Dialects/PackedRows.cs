using System.Globalization;
using WebhookKit.EntityFrameworkCore.Model;

namespace WebhookKit.EntityFrameworkCore.Dialects;

/// <summary>Values of many rows as parameters of one statement of SQLite, which has no arrays: a column is one blob, cut into equal parts.</summary>
/// <remarks>To run a statement and bind its parameters costs more than the row that it writes; to cut a blob costs next to nothing.</remarks>
internal static class PackedRows
{
    /// <summary>Begins a statement that has <c>@count</c> rows, at least one, with the number <c>n</c> from zero up.</summary>
    public const string Numbered =
        "WITH RECURSIVE packed (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM packed WHERE n + 1 < @count)";

    private const int IdWidth = 16;
    private const int NumberWidth = 20;

    /// <summary>Writes the id of row <c>n</c>.</summary>
    public static string Id(string parameter) => $"substr({parameter}, {IdWidth} * n + 1, {IdWidth})";

    /// <summary>Writes the number of row <c>n</c>.</summary>
    public static string Number(string parameter) =>
        $"CASE WHEN typeof({parameter}) = 'integer' THEN {parameter} ELSE CAST(substr({parameter}, {NumberWidth} * n + 1, {NumberWidth}) AS INTEGER) END";

    public static byte[] Ids<T>(IReadOnlyList<T> rows, Func<T, Guid> id)
    {
        var packed = new byte[rows.Count * IdWidth];
        for (var n = 0; n < rows.Count; n++)
        {
            StoredId.Write(id(rows[n]), packed.AsSpan(n * IdWidth, IdWidth));
        }

        return packed;
    }

    /// <summary>
    /// Packs numbers as digits, which SQLite reads from a blob; it does not read their binary form. Where all are alike,
    /// as most are in a batch that went well, one number stands for them.
    /// </summary>
    public static object Numbers<T>(IReadOnlyList<T> rows, Func<T, long> number)
    {
        var first = rows.Count == 0 ? 0 : number(rows[0]);
        var alike = 1;
        while (alike < rows.Count && number(rows[alike]) == first)
        {
            alike++;
        }

        return alike >= rows.Count ? first : Pack(rows, number);
    }

    private static byte[] Pack<T>(IReadOnlyList<T> rows, Func<T, long> number)
    {
        var packed = new byte[rows.Count * NumberWidth];
        packed.AsSpan().Fill((byte)' ');
        for (var n = 0; n < rows.Count; n++)
        {
            number(rows[n]).TryFormat(packed.AsSpan(n * NumberWidth, NumberWidth), out _, "D", CultureInfo.InvariantCulture);
        }

        return packed;
    }
}
