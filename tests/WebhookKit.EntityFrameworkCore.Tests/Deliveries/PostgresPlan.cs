using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;

namespace WebhookKit.EntityFrameworkCore.Tests.Deliveries;

/// <summary>How the server really ran a statement, in its own words.</summary>
internal sealed partial class PostgresPlan(string text)
{
    public static async Task<PostgresPlan> OfAsync(DbCommand command)
    {
        await using (command)
        {
            command.CommandText = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF) " + command.CommandText;
            await using var reader = await command.ExecuteReaderAsync();
            var lines = new List<string>();
            while (await reader.ReadAsync())
            {
                lines.Add(reader.GetString(0));
            }

            return new PostgresPlan(string.Join('\n', lines));
        }
    }

    /// <summary>Pages touched in all: unlike time, the same on a busy machine.</summary>
    public int Pages => Buffers().Matches(text).Select(match => Number(match, "hit") + Number(match, "read")).First();

    public void AssertNeverReadsAllOf(string table) =>
        Assert.DoesNotContain($"Seq Scan on {table}", text, StringComparison.Ordinal);

    public void AssertPagesAtMost(int pages) => Assert.True(Pages <= pages, $"{Pages} pages instead of at most {pages}:\n{text}");

    private static int Number(Match match, string name) =>
        match.Groups[name].Success ? int.Parse(match.Groups[name].Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"Buffers: shared( hit=(?<hit>\d+))?( read=(?<read>\d+))?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Buffers();
}
