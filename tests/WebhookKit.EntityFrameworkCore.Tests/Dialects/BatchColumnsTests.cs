using Microsoft.Data.Sqlite;
using WebhookKit.EntityFrameworkCore.Dialects;

namespace WebhookKit.EntityFrameworkCore.Tests.Dialects;

/// <summary>Rows of a statement, column by column.</summary>
public sealed class BatchColumnsTests
{
    [Fact]
    public void Query_ColumnsAlikeAndNot_HasArraysOnlyForThoseThatDiffer()
    {
        var columns = new BatchColumns("o_")
            .Add("id", "uuid", new[] { 1, 2 })
            .Add("status", "integer", new[] { 1, 1 })
            .Add("error", "text", new string?[] { null, null })
            .Add("code", "integer", new int?[] { 200, null });

        Assert.Equal(
            "SELECT u.id, @o_status::integer AS status, @o_error::text AS error, u.code FROM unnest(@o_id, @o_code) AS u (id, code)",
            columns.Query);
        using var command = new SqliteCommand();
        columns.AddParameters(command);
        Assert.Equal([("o_id", 2), ("o_status", 1), ("o_error", 0), ("o_code", 2)], command.Parameters
            .Cast<SqliteParameter>()
            .Select(parameter => (parameter.ParameterName, parameter.Value is Array array ? array.Length : parameter.Value is DBNull ? 0 : 1)));
    }

    [Fact]
    public void Query_OneRow_KeepsTheColumnThatTellsRowsApart()
    {
        var columns = new BatchColumns("").Add("id", "uuid", new[] { 1 }).Add("status", "integer", new[] { 1 });

        Assert.Equal("SELECT u.id, @status::integer AS status FROM unnest(@id) AS u (id)", columns.Query);
    }

    [Fact]
    public void Query_NoRow_HasArraysOnly()
    {
        var columns = new BatchColumns("").Add("id", "uuid", Array.Empty<int>()).Add("status", "integer", Array.Empty<int>());

        Assert.Equal("SELECT u.id, u.status FROM unnest(@id, @status) AS u (id, status)", columns.Query);
    }

    [Theory]
    [InlineData(true, "SELECT u.id, u.status FROM unnest(@id, @status) AS u (id, status)")]
    [InlineData(false, "SELECT u.id, @status::integer AS status FROM unnest(@id) AS u (id)")]
    public void Query_ColumnOfAModel_IsAnArrayWhereItsRowsDiffer(bool varies, string expected)
    {
        var columns = new BatchColumns("").Add("id", "uuid", new[] { 1 }, varies: false).Add("status", "integer", new[] { 1 }, varies);

        Assert.Equal(expected, columns.Query);
    }
}
