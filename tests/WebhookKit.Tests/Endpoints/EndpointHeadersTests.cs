using FsCheck;
using FsCheck.Fluent;
using WebhookKit.Endpoints;

namespace WebhookKit.Tests.Endpoints;

public sealed class EndpointHeadersTests
{
    [Theory]
    [InlineData("X-Api-Key", "s3cr3t/+=")]
    [InlineData("Authorization", "Bearer abc.def")]
    [InlineData("x", "")]
    [InlineData("X-Words", "two words, and \"quotes\" ~")]
    [InlineData("Hostname", "a")]
    [InlineData("X-Webhook-Source", "shop")]
    [InlineData("Accept", "application/json")]
    public void Validate_OrdinaryHeader_IsValid(string name, string value)
    {
        var result = EndpointHeaders.Validate(name, value);

        Assert.Equal((EndpointHeaderStatus.Valid, null), (result.Status, result.Error));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" X-A")]
    [InlineData("X-A ")]
    [InlineData("X A")]
    [InlineData("X-A:")]
    [InlineData("X-A\r\nX-B")]
    [InlineData("X-A\n")]
    [InlineData("X-A\0")]
    [InlineData("X-A\t")]
    [InlineData("X-Ä")]
    [InlineData("X(A)")]
    [InlineData("X/A")]
    [InlineData(":authority")]
    public void Validate_NameThatIsNoToken_IsMalformed(string? name) =>
        Assert.Equal(EndpointHeaderStatus.NameMalformed, EndpointHeaders.Validate(name, "a").Status);

    [Theory]
    [InlineData("Host Transfer-Encoding Connection Keep-Alive Upgrade TE Trailer Expect Via Accept-Encoding")]
    [InlineData("Content-Length Content-Type Content-Encoding content-anything")]
    [InlineData("Cookie Proxy-Authorization Proxy-Connection Forwarded X-Forwarded-For X-Forwarded-Host X-Forwarded-Anything X-Real-IP")]
    [InlineData("traceparent tracestate baggage User-Agent")]
    [InlineData("webhook-id webhook-timestamp webhook-signature Webhook-Anything Stripe-Signature X-Hub-Signature-256")]
    [InlineData("HOST hOST transfer_encoding Content_Length X_Forwarded_For webhook_signature")]
    public void Validate_NameOfHttpOrTheSignature_IsReserved(string names) =>
        Assert.All(names.Split(' '), name =>
        {
            var result = EndpointHeaders.Validate(name, "a");
            Assert.Equal((EndpointHeaderStatus.NameReserved, name), (result.Status, result.Name));
        });

    [Fact]
    public void Validate_NameUnderTheConfiguredSignaturePrefix_IsReserved()
    {
        Assert.Equal(EndpointHeaderStatus.NameReserved, EndpointHeaders.Validate("Acme-Signature", "a", "acme-").Status);
        Assert.Equal(EndpointHeaderStatus.Valid, EndpointHeaders.Validate("Acme-Signature", "a").Status);
        Assert.Equal(EndpointHeaderStatus.NameReserved, EndpointHeaders.Validate("webhook-id", "a", "acme-").Status);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a\r\nX-Evil: 1")]
    [InlineData("a\nX-Evil: 1")]
    [InlineData("a\r")]
    [InlineData("a\0b")]
    [InlineData("a\tb")]
    [InlineData("a\u007f")]
    [InlineData("grüße")]
    [InlineData("a\u0085b")]
    [InlineData("a\u2028b")]
    [InlineData("a\u010Ab")]
    [InlineData(" a")]
    [InlineData("a ")]
    public void Validate_ValueBeyondVisibleAscii_IsMalformedAndNotShown(string? value)
    {
        var result = EndpointHeaders.Validate("X-A", value);

        Assert.Equal((EndpointHeaderStatus.ValueMalformed, "X-A"), (result.Status, result.Name));
        Assert.DoesNotContain("Evil", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_Lengths_AreBounded()
    {
        var name = new string('x', EndpointHeaders.MaxNameLength);
        var value = new string('v', EndpointHeaders.MaxValueLength);

        Assert.True(EndpointHeaders.Validate(name, value).IsValid);
        Assert.Equal(EndpointHeaderStatus.NameTooLong, EndpointHeaders.Validate(name + "x", value).Status);
        Assert.Equal(EndpointHeaderStatus.ValueTooLong, EndpointHeaders.Validate(name, value + "v").Status);
    }

    [Fact]
    public void Validate_AllHeaders_RefusesRepeatedNamesAndTooMany()
    {
        static KeyValuePair<string, string> Header(string name) => new(name, "a");
        var most = Enumerable.Range(0, EndpointHeaders.MaxHeaders).Select(n => Header($"X-{n}")).ToArray();

        Assert.True(EndpointHeaders.Validate([]).IsValid);
        Assert.True(EndpointHeaders.Validate(most).IsValid);
        Assert.Equal(EndpointHeaderStatus.TooMany, EndpointHeaders.Validate([.. most, Header("X-More")]).Status);
        Assert.Equal(new(EndpointHeaderStatus.NameRepeated, "x-a"), EndpointHeaders.Validate([Header("X-A"), Header("x-a")]));
        Assert.Equal(new(EndpointHeaderStatus.NameReserved, "Host"), EndpointHeaders.Validate([Header("X-A"), Header("Host")]));
        Assert.Equal(EndpointHeaderStatus.NameReserved, EndpointHeaders.Validate([Header("acme-id")], "acme-").Status);
    }

    [Fact]
    public void Validate_WhatIsValid_IsSentAsItIs()
    {
        const string Characters = "aZ09-_.!~:;,/()[]{}<>@=\"\\ \t\r\n\0\u007f\u00e4\u010a";
        var texts = Gen.Elements(Characters.ToArray()).ListOf().Select(characters => string.Concat(characters));
        var inputs = from name in texts
                     from value in texts
                     select (name, value);

        Prop.ForAll(inputs.ToArbitrary(), header =>
        {
            if (!EndpointHeaders.Validate(header.name, header.value).IsValid)
            {
                return true;
            }

            using var request = new HttpRequestMessage();
            request.Headers.Add(header.name, header.value);
            return request.Headers.NonValidated[header.name].ToString() == header.value && !header.value.AsSpan().ContainsAny("\r\n\0");
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void EndpointHeadersResult_ForgottenValue_IsNotValid()
    {
        Assert.False(default(EndpointHeadersResult).IsValid);
        Assert.All(
            Enum.GetValues<EndpointHeaderStatus>(),
            status => Assert.Equal(status == EndpointHeaderStatus.Valid, new EndpointHeadersResult(status, "X").Error is null));
    }
}
