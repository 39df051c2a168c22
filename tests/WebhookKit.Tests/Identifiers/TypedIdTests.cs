namespace WebhookKit.Tests.Identifiers;

public sealed class TypedIdTests
{
    /// <summary>Valid vectors of the TypeID specification 0.3 (valid.json), suffixes only.</summary>
    public static TheoryData<string, string> Vectors => new()
    {
        { "00000000-0000-0000-0000-000000000000", "00000000000000000000000000" },
        { "00000000-0000-0000-0000-000000000001", "00000000000000000000000001" },
        { "00000000-0000-0000-0000-00000000000a", "0000000000000000000000000a" },
        { "00000000-0000-0000-0000-000000000010", "0000000000000000000000000g" },
        { "00000000-0000-0000-0000-000000000020", "00000000000000000000000010" },
        { "ffffffff-ffff-ffff-ffff-ffffffffffff", "7zzzzzzzzzzzzzzzzzzzzzzzzz" },
        { "0110c853-1d09-52d8-d73e-1194e95b5f19", "0123456789abcdefghjkmnpqrs" },
        { "01890a5d-ac96-774b-bcce-b302099a8057", "01h455vb4pex5vsknk084sn02q" },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void ToString_OfAVector_WritesItsText(string value, string suffix)
    {
        var id = new MessageId(Guid.Parse(value));

        Assert.Equal($"msg_{suffix}", id.ToString());
        Assert.Equal(id, MessageId.Parse($"msg_{suffix}"));
    }

    [Fact]
    public void ToString_OfEachKind_HasItsPrefix()
    {
        var value = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");

        Assert.Equal("msg_01h455vb4pex5vsknk084sn02q", new MessageId(value).ToString());
        Assert.Equal("ep_01h455vb4pex5vsknk084sn02q", new EndpointId(value).ToString());
        Assert.Equal("dlv_01h455vb4pex5vsknk084sn02q", new DeliveryId(value).ToString());
        Assert.Equal("atmpt_01h455vb4pex5vsknk084sn02q", new AttemptId(value).ToString());
        Assert.Equal(new EndpointId(value), EndpointId.Parse("ep_01h455vb4pex5vsknk084sn02q"));
        Assert.Equal(new DeliveryId(value), DeliveryId.Parse("dlv_01h455vb4pex5vsknk084sn02q"));
        Assert.Equal(new AttemptId(value), AttemptId.Parse("atmpt_01h455vb4pex5vsknk084sn02q"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("msg_")]
    [InlineData("01h455vb4pex5vsknk084sn02q")]
    [InlineData("MSG_01h455vb4pex5vsknk084sn02q")]
    [InlineData("ep_01h455vb4pex5vsknk084sn02q")]
    [InlineData("msg_01h455vb4pex5vsknk084sn02")]
    [InlineData("msg_01h455vb4pex5vsknk084sn02qq")]
    [InlineData(" msg_01h455vb4pex5vsknk084sn02q")]
    [InlineData("msg_01H455VB4PEX5VSKNK084SN02Q")]
    [InlineData("msg_01h455vb4pex5vsknk084sn02i")]
    [InlineData("msg_01h455vb4pex5vsknk084sn02l")]
    [InlineData("msg_01h455vb4pex5vsknk084sn02o")]
    [InlineData("msg_01h455vb4pex5vsknk084sn02u")]
    [InlineData("msg_01h455vb4pex5vsknk084sn0.q")]
    [InlineData("msg_01h455vb4pex5vsknk084sn02é")]
    [InlineData("msg_80000000000000000000000000")]
    [InlineData("msg_zzzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("msg_/0000000000000000000000000")]
    public void TryParse_OtherText_GivesFalseAndTheEmptyId(string? text)
    {
        Assert.False(MessageId.TryParse(text, out var id));
        Assert.Equal(default, id);
        Assert.Throws<FormatException>(() => MessageId.Parse(text!));
    }

    [Fact]
    public void Parse_OtherText_QuotesItAndNamesTheForm()
    {
        var thrown = Assert.Throws<FormatException>(() => EndpointId.Parse("warehouse"));

        Assert.Contains("'warehouse'", thrown.Message, StringComparison.Ordinal);
        Assert.Contains("'ep_'", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_OfRandomIds_ReadsBackAndSortsLikeTheIds()
    {
        var random = new Random(20260102);
        var ids = Enumerable.Range(0, 5_000).Select(_ =>
        {
            var bytes = new byte[16];
            random.NextBytes(bytes);
            return new DeliveryId(new Guid(bytes, bigEndian: true));
        }).ToArray();

        Assert.All(ids, id => Assert.Equal(id, DeliveryId.Parse(id.ToString())));
        Assert.Equal(
            ids.Order().Select(id => id.ToString()),
            ids.Select(id => id.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Declared_SameTenantAndName_IsTheSameIdOfVersionEight()
    {
        var id = EndpointId.Declared("acme", "warehouse");

        Assert.Equal(id, EndpointId.Declared("acme", "warehouse"));
        Assert.Equal((8, 0b10), (id.Value.Version, id.Value.Variant >> 2));
    }

    [Fact]
    public void Declared_NeverChanges_ForStoresHoldIt() =>
        Assert.Equal("ep_67twsez9qsh9matxew03s3dv2a", EndpointId.Declared(null, "warehouse").ToString());

    [Fact]
    public void Declared_OtherTenantOrName_IsAnotherId()
    {
        EndpointId[] ids =
        [
            EndpointId.Declared(null, "warehouse"), EndpointId.Declared("", "warehouse"), EndpointId.Declared("acme", "warehouse"),
            EndpointId.Declared("Acme", "warehouse"), EndpointId.Declared("acmew", "arehouse"), EndpointId.Declared(null, "acmewarehouse"),
        ];

        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Throws<ArgumentException>(() => EndpointId.Declared(null, ""));
    }
}
